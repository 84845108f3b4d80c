"""What the reader and the writer of xlsx must agree on. Begin with ``addresses``: where a cell is."""
