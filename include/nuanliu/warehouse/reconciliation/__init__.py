"""Which weeks are reconciled when: those that a publication prints, those that are due tonight. Begin with ``scope``."""
