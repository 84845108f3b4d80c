"""A drop's registry row, receipt, facts, versions and history. Begin with ``loading.load_drop``."""
