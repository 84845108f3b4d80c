"""The PostgreSQL star schema: load, versions, figures, identities."""
