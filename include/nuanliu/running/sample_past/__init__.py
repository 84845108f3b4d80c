<<<<<<< HEAD
"""Made-up weeks of all unions: their workbooks, and what must come of them. Begin with ``planning.plan_past``."""
=======
"""Weeks that never were, as the workbooks of 14 prefectures and 86 counties, what must come of them, and the way to take them in.

Begin with ``planning.plan_past``; ``playing.play_past`` takes them in.
"""
>>>>>>> a4dfbe0 (The package of sample weeks says in two sentences where to begin; plans and recipients know the same roles)
