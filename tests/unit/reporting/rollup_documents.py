"""A rollup document as the warehouse gives it, small enough to read."""

from __future__ import annotations

from typing import Any


def figure(union_id: str, measure: str, value: str, **more: Any) -> dict[str, Any]:
    """One event figure of all categories; any field can be given otherwise."""
    base = {
        "union_id": union_id,
        "level": "province" if union_id == "620000" else "prefecture",
        "basis": "organizer",
        "category": "all",
        "measure": measure,
        "unit": "元" if measure.startswith("funds") else "人",
        "period_kind": "event",
        "scope": "own",
        "since": None,
        "value": value,
        "exactness": "exact",
        "activities": 1,
        "previous": None,
        "change_pct": None,
        "comparable": False,
    } | more
    return {"figure_id": f"2024-W49/{union_id}/{base['category']}/{measure}/{base['period_kind']}", **base}


def document(*figures: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A rollup of 2024-W49 in which 白银 and 金昌 reported and the other twelve are missing."""
    missing = ["620100", "620200", "620500", "620600", "620700", "620800", "620900", "621000", "621100", "621200",
               "622900", "623000"]  # fmt: skip
    coverage = {
        "expected": 14, "reported": 2, "confirmed_zero": 0, "missing": missing, "held": [], "returned": [], "late": ["620300"],
    }  # fmt: skip
    return {
        "schema": "nuanliu.rollup/1",
        "week": "2024-W49",
        "edition": 1,
        "coverage": coverage,
        "figures": list(figures),
        "revisions": [],
        "campaigns": [],
    } | more


def comparison(previous: str, *bridge: tuple[str, str, int], **more: Any) -> dict[str, Any]:
    """A figure beside 2024-W48: ``bridge`` gives value, exactness and unions of the four terms, in their order."""
    terms = zip(("matched", "joined", "absent", "moved"), bridge, strict=True)
    base = {
        "week": "2024-W48",
        "previous": previous,
        "previous_exactness": "exact",
        "bridge": [
            {"term": term, "value": value, "exactness": exactness, "unions": unions}
            for term, (value, exactness, unions) in terms
        ],
        "matched": {
            "value": "1225", "exactness": "exact", "previous": "915", "previous_exactness": "exact",
            "change_pct": "33.9", "share": "0.86", "unions": bridge[0][2],
        },
        "shown": "matched",
    }  # fmt: skip
    return base | more


def comparisons(**told: Any) -> dict[str, Any]:
    """``week_before=…`` and the like; None for the others."""
    return {"week_before": None, "year_before": None, "spring_festival": None} | told


def said_number(measure: str, value: str, exactness: str = "exact", **more: Any) -> dict[str, Any]:
    """One number of ``told_activity``."""
    base = {
        "trace_id": f"2024-W49/activity/620400/0123456789abcdef/{measure}",
        "measure": measure,
        "value": value,
        "exactness": exactness,
        "unit": "元" if measure.startswith("funds") else "人",
        "item": None,
    }
    return base | more


def told_activity(*numbers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An entry of ``highlights``: 白银 checks the health of drivers."""
    base = {
        "rule": "largest_people",
        "union_id": "620400",
        "prefecture_id": "620400",
        "category": "health_check",
        "name": "免费体检",
        "campaign": "关爱新业态·互助健康行",
        "place": "620402",
        "start": "2024-12-03",
        "end": "2024-12-04",
        "groups": ["truck_drivers", "couriers"],
        "partners": ["县人社局", "县总医院"],
        "is_list_open": True,
        "numbers": list(numbers)
        or [said_number("people_served", "41425", "over"), said_number("funds_total", "359000")],
    }
    return base | more


def week_point(week: str, answered: int | None, **said: tuple[str, str]) -> dict[str, Any]:
    """One week of ``trend``: ``people`` and ``money`` as value and exactness."""
    ids = {"people": "people_served", "money": "funds_total"}
    figures = {ids[name]: {"value": value, "exactness": exactness} for name, (value, exactness) in said.items()}
    return {"week": week, "figures": figures, "answered": answered, "expected": None if answered is None else 14}
