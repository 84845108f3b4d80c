"""What a piece of work takes on this machine, and what others take of it meanwhile. Begin with ``meter.Meter``."""
