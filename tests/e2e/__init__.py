"""Whole stacks: all on one worker, one after the other, before everything else. See ``tests/workers.py``."""
