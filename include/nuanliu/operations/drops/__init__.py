"""The life of an uploaded file: claimed, checked, loaded, archived, answered. Begin with ``ingest_drop``."""
