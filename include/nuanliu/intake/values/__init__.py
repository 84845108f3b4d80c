"""One text, or a column of texts, in; a number, date, unit or name out. Begin with ``figure_column``: 1200余人 becomes 1200, over."""
