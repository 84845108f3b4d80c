"""What Airflow itself must know of us: partition mapper, timetable, preload and the board. Only registrations."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from nuanliu.orchestration.connections import board_settings
from nuanliu.orchestration.lazy_app import LazyApp
from nuanliu.orchestration.partitions import WeekOfUnionWeek
from nuanliu.orchestration.timetables import ReportingWeekTimetable
from nuanliu.orchestration.workers.preload import preload_for_forks

preload_for_forks()


class SchedulingPlugin(AirflowPlugin):
    """The classes that serialized DAGs name."""

    name = "nuanliu_scheduling"
    partition_mappers: ClassVar[list[Any]] = [WeekOfUnionWeek]
    timetables: ClassVar[list[Any]] = [ReportingWeekTimetable]


class BoardPlugin(AirflowPlugin):
    """The board's pages and its link in the navigation; the app is imported by its first request."""

    name = "nuanliu_board"
    fastapi_apps: ClassVar[list[Any]] = [
        {"name": "暖流看板", "url_prefix": "/nuanliu", "app": LazyApp("nuanliu.board.app:create_app", board_settings)}
    ]
    external_views: ClassVar[list[Any]] = [
        {"name": "暖流看板", "href": "/nuanliu/", "destination": "nav", "url_route": "nuanliu"}
    ]
