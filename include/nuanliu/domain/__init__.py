"""The words of the business as frozen values; no I/O, no YAML. Begin with ``submission``: what one file says once it is read."""
