"""The union's own workbook, handed back with marks and all else as it was. Begin with ``annotated_workbook``."""
