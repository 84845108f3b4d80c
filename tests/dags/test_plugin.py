"""What the plugin registers, and that serialized DAGs come back with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]

_PLUGINS = """
import json, sys
from airflow import plugins_manager

plugins, errors = plugins_manager._get_plugins()
print(json.dumps({
    "errors": errors,
    "files": sorted({str(plugin.source.path) for plugin in plugins if hasattr(plugin.source, "path")}),
    "mappers": list(plugins_manager.get_partition_mapper_plugins()),
    "timetables": list(plugins_manager.get_timetables_plugins()),
    "apps": [[app["url_prefix"], repr(app["app"])] for app in plugins_manager.get_fastapi_plugins()[0]],
    "links": [view["href"] for plugin in plugins for view in plugin.external_views],
    "heavy": sorted({"pandas", "great_expectations", "openpyxl", "nuanliu.board.app"} & set(sys.modules)),
}))
"""


@pytest.fixture(scope="module")
def registered(run_airflow_python: Any) -> dict[str, Any]:
    return run_airflow_python(_PLUGINS)


def test_the_plugin_registers_what_serialized_dags_name_and_imports_nothing_heavy(registered: dict[str, Any]) -> None:
    assert registered["errors"] == {}
    assert registered["mappers"] == ["nuanliu.orchestration.partitions.WeekOfUnionWeek"]
    assert "nuanliu.orchestration.timetables.ReportingWeekTimetable" in registered["timetables"]
    assert registered["heavy"] == []


def test_the_board_is_registered_under_its_own_prefix_with_a_link(registered: dict[str, Any]) -> None:
    assert ["/nuanliu", "<LazyApp nuanliu.board.app:create_app>"] in registered["apps"]
    assert registered["links"] == ["/nuanliu/"]


def test_only_the_registration_file_is_executed_as_a_plugin(run_airflow_python: Any, tmp_path: Path) -> None:
    (tmp_path / ".airflowignore").write_text((PROJECT / "plugins" / ".airflowignore").read_text("utf-8"), "utf-8")
    for name in ("nuanliu_plugin.py", "types.py", "errors.py", "deeper/statistics.py", "deeper/nuanliu_plugin.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    script = (
        "import json, sys; from airflow._shared.module_loading import find_path_from_directory as find; "
        "print(json.dumps(sorted(find(sys.argv[1], '.airflowignore', 'glob'))))"
    )
    assert run_airflow_python(script, str(tmp_path)) == [str(tmp_path / "nuanliu_plugin.py")]


def test_serialized_dags_come_back_with_our_timetable_and_mapper(dags: dict[str, Any]) -> None:
    found = {name: dag["back"] for name, dag in dags.items()}
    weekly = "nuanliu.orchestration.timetables.ReportingWeekTimetable"
    assert found["publish_weekly_summary"] == {
        "timetable": weekly,
        "partitioned": True,
        "mapped": None,
        "summary": "Mon 18:00",
    }
    assert found["remind_unions"]["timetable"] == weekly
    assert found["roll_up_week"]["mapped"] == "2024-W49"
    assert found["ingest_submissions"]["partitioned"] is False
