"""The life of an uploaded file: claimed, checked, kept, loaded, answered. Begin with ``ingest_drop``."""
