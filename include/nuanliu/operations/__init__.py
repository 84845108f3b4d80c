"""The use cases, which DAGs, command line and board call. Begin with ``drops.ingest_drop.ingest_drop``."""
