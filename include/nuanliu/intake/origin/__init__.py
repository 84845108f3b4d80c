"""Whose file it is, of which week and of which type. Begin with ``self_description``."""
