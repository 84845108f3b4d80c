"""Rules on one row, by Great Expectations. Begin with ``suites``: the suite generated from the rule registry."""
