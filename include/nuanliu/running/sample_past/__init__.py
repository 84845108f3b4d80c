"""Made-up weeks of all unions: their workbooks, and what must come of them. Begin with ``planning.plan_past``."""
