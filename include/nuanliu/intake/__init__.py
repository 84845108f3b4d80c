"""A union's file as bytes in, rows and figures with their source cells out. Begin with ``reader.read_submission``."""
