"""Text tables (.csv, .txt). Begin with ``workbook``."""
