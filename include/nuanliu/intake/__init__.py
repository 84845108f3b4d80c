"""A union's file as bytes in, rows and figures with their source cells out."""
