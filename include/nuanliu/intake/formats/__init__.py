"""Bytes of any accepted kind in, a ``Workbook`` of texts out, under caps. Begin with ``open_workbook.read_workbook``."""
