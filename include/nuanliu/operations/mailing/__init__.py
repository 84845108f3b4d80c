"""Who is told what, and that it is sent. Begin with ``delivering``."""
