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
"""The facts of one union and week; partitions ``2024-W49|620400``."""

WEEK_FIGURES = Asset(name="week_figures", uri="x-nuanliu://marts/week_figures", group="nuanliu")
"""The figures of one week; partitions ``2024-W49``."""
