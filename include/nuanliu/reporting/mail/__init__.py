"""Mails as messages. Begin with ``mail_message``."""
