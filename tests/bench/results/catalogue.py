"""The rows there are, in the order in which they are measured and shown."""

from __future__ import annotations

ROWS = {
    "check": "check_workbook:measure",
    "dags": "parse_dags:measure",
    "guard": "guarded_file:measure",
    "years": "roll_up_years:measure",
    "reconcile": "reconcile_years:measure",
    "replay": "replay_years:measure",
    "board": "board_pages:measure",
    "answer": "one_answer:measure",
    "files": "many_files:measure",
    "demo": "whole_commands:measure_demo",
    "past": "sample_past:measure",
    "big": "big_file:measure",
    "test": "whole_commands:measure_test",
    "nation": "many_files:measure_nation",
}
"""Name → module and function, imported when it is measured: a page is written without any of them."""
GUARD = "guard"
ONLY_IN_FULL = {"test"}
ONLY_BY_NAME = {"nation"}
"""Hours, and no targets."""
