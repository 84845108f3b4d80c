"""The summary as a 简报, for the offices that pass paper on: laid out by GB/T 9704-2012. Begin with ``rendering``."""
