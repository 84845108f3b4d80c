"""Random histories, played through the program and through the reference model; see ``tests/model``."""
