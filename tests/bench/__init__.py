"""`make bench`: how fast, against the targets of the architecture. Medians of several runs on this machine."""
