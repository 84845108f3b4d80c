"""Nuanliu 暖流: a province's weekly trade-union activity files in, figures that can be trusted out."""
