"""A week: rolled up, published, reminded of, reconciled, shown. Begin with ``roll_up``, then ``publishing``."""
