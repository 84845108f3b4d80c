"""xlsx and xlsm, values only. Begin with ``workbook``."""
