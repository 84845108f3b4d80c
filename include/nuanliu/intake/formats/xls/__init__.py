"""BIFF8 (.xls), values only. Begin with ``workbook``."""
