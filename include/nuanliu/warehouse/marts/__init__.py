"""Weeks: figures, coverage, editions, revisions, trace and reconcile. Begin with ``rollup.rebuild_week``."""
