"""Text tables (.csv, .txt). Begin with ``workbook``; bytes become text in ``text_encoding``."""
