"""The charts of the summary as pictures: for pages as SVG, for paper as PNG. Begin with ``drawing``."""
