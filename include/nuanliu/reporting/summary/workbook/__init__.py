"""The summary as a workbook: a cover for one page, then one table a sheet. Begin with ``rendering.render_workbook``."""
