"""An edited copy of a bulletin held against the edition: every number and name that is another one. Begin with ``proving``."""
