"""Weeks that never were, as workbooks: what 14 prefectures and 86 counties might have sent, and what must come of it.

``planning`` decides who reports what and when, ``forms`` writes it down as unions do, ``oracle`` adds it up, ``playing`` takes it
in week by week. Begin at ``planning.py:plan_past``.
"""
