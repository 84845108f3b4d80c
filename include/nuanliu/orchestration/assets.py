"""The assets that tie the DAGs together. A URI names a layer and a table, never a host."""

from __future__ import annotations

from airflow.sdk import Asset, AssetWatcher

from nuanliu.orchestration.triggers import DropTrigger

INTAKE = Asset(
    name="intake",
    uri="x-nuanliu://intake/drops",
    group="nuanliu",
    watchers=[AssetWatcher(name="intake_bucket", trigger=DropTrigger())],
)
"""Drops waiting in the bucket. Its events say that there is work, not which: the registry knows that."""

UNION_WEEK = Asset(name="union_week", uri="x-nuanliu://warehouse/union_week", group="nuanliu")
"""The facts of unions in a week; partitions ``2024-W49``. A run of files tells each week that it touched once, at its end."""

WEEK_FIGURES = Asset(name="week_figures", uri="x-nuanliu://marts/week_figures", group="nuanliu")
"""The figures of one week; partitions ``2024-W49``."""
