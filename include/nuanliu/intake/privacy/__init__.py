"""Personal numbers found and masked before anything is derived from a file. Begin with ``personal_scan``."""
