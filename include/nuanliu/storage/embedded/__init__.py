"""A PostgreSQL of our own below var/: binaries, account, server, dump. Begin with ``server``."""
