"""A ``Workbook`` in; which sheets, which header, what each row is, out. Begin with ``sheet_choice``, then ``row_classes``."""
