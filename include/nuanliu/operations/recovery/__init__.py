"""Replay, recovery of the registry, backup and restore. Begin with ``replaying``."""
