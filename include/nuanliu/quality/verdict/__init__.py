"""What becomes of each row and of the file, and what answers a query. Begin with ``gate``."""
