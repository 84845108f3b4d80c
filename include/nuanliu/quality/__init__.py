"""Rules, Great Expectations suites and the gate that settles each row."""
