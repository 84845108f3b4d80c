"""Mails written down with what they report, and sent at most once. Begin with ``outbox``."""
