"""A drop's registry row, receipt, versions and history. Begin with ``loading.load_drop``."""
