"""What was measured, as it is shown, kept as JSON and written into the page. Begin with ``rows.Row``."""
