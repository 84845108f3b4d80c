"""A sum over facts takes those that count; a statement that takes all is named here with its reason."""

from __future__ import annotations

from nuanliu.settings import INCLUDE_DIR

TAKES_ALL = {
    "fact_activity__accepted_activities": "a version has as many facts as were loaded",
    "fact_measure__receipt_totals": "a receipt tells what was accepted",
    "fact_measure__activity_missing": "every figure has its activity",
    "fact_activity__dimension_missing": "one that waits names what is there too",
    "facts_union": "one that waits stands under its union too",
    "lock_counting": "locks more than it must where one waits",
    "version_of_weeks": "a week rests on versions whose rows wait there too",
    "history_explanation": "of given activities",
    "trace_cumulative": "of given activities",
    "week_restatements": "of given activities",
    "revision_causes": "a row that no longer counts changed a figure too",
}


def test_every_statement_that_reads_facts_says_which_count() -> None:
    statements = {path.stem: path.read_text("utf-8") for path in sorted((INCLUDE_DIR / "sql").rglob("*.sql"))}
    readers = {
        name
        for name, text in statements.items()
        if any(
            f"{word} {table}" in _code(text)
            for word in ("from", "join")
            for table in ("fact_activity", "fact_measure", "stored_activity", "stored_measure")
        )
    }
    silent = {name for name in readers if "is_counting" not in _code(statements[name])}
    assert silent == TAKES_ALL.keys()


def _code(text: str) -> str:
    return " ".join(line for line in text.splitlines() if not line.startswith("--"))
