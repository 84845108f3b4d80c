"""Rules across the rows of a file, its totals, earlier weeks and other versions. A rule against last week stands in ``time_rules``."""
