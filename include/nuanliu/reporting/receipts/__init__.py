"""A receipt as a page and as text. Begin with ``receipt_text``."""
