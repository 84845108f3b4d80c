"""Thin adapters to the bucket, PostgreSQL and SMTP."""
