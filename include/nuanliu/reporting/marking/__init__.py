"""Change a few cells of an xlsx and leave every other part as it is: pictures, charts, formulas and their stored results."""
