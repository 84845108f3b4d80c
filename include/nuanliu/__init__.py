"""Nuanliu 暖流: a province's weekly trade-union files in, figures to trust out. Begin with ``intake.reader.read_submission``."""
