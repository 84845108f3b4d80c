"""The cells that all figures of a week were added from, at once, for those who follow them on paper. Begin with ``week_sources.read_sources``."""
