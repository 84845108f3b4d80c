"""A submission in, a verdict with findings out: expectations, rules and the gate. Begin with ``checking.check_submission``."""
