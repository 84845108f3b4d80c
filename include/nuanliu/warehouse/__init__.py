"""The PostgreSQL star schema: load, versions, figures, identities. Begin with ``schema.tables``."""
