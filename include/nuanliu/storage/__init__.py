"""Thin adapters to the bucket, PostgreSQL and SMTP. Begin with ``bucket.open_bucket``."""
