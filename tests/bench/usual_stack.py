"""The usual way, to be held against: pandas.read_csv, a Great Expectations validation of format COMPLETE, to_sql.

``python -m tests.bench.usual_stack FILE DSN`` prints what it took. It keeps every row as one row of a wide table: no
recognition of what people write, no receipts, no star.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from typing import Any

import pandas as pd
from sqlalchemy import create_engine, make_url
from tests.bench.measuring.memory import own_peak_mb
from tests.bench.measuring.meter import Meter

from nuanliu.quality.expectations.masks import gx_context

_NUMBERS = ["服务人数(人)", "服务人次(人次)", "投入资金(元)", "慰问金(元)", "物资折价(元)", "场次(场)", "服务人员(人)"]
_LABELS = ["活动编号", "填报单位", "主办单位", "活动名称", "活动类别", "开始日期", "活动地点", "服务对象"]


def main(file: str, dsn: str) -> None:
    """Read, check and store."""
    asset = gx_context().data_sources.add_pandas("usual").add_dataframe_asset("file")
    definition = asset.add_batch_definition_whole_dataframe("whole")
    checks = _checks()
    with Meter(dsn) as meter, meter.piece() as piece:
        table = _read(file)
        batch = definition.get_batch({"dataframe": table})
        for check in checks:
            batch.validate(check, result_format="COMPLETE")
        _store(table, dsn)
    cost = replace(piece.cost, peak_mb=own_peak_mb())
    sys.stdout.write(json.dumps({"cost": asdict(cost), "checks": len(checks)}))


def _read(file: str) -> pd.DataFrame:
    table = pd.read_csv(file, encoding="gb18030", dtype="str", keep_default_na=False)
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in _NUMBERS}
    days = {name: pd.to_datetime(table[name], errors="coerce") for name in ("开始日期", "结束日期")}
    return table.assign(**numbers, **days)


def _checks() -> list[Any]:
    import great_expectations.expectations as gxe

    checks: list[Any] = [gxe.ExpectColumnValuesToNotBeNull(column=name) for name in _LABELS]
    checks += [gxe.ExpectColumnValuesToBeBetween(column=name, min_value=0, max_value=5e8) for name in _NUMBERS]
    checks += [
        gxe.ExpectColumnValueLengthsToBeBetween(column=name, max_value=200) for name in _LABELS if "日期" not in name
    ]
    checks += [
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=larger, column_B=smaller, or_equal=True, ignore_row_if="either_value_is_missing"
        )
        for larger, smaller in (
            ("结束日期", "开始日期"),
            ("服务人次(人次)", "服务人数(人)"),
            ("投入资金(元)", "慰问金(元)"),
            ("投入资金(元)", "物资折价(元)"),
        )
    ]
    return checks


def _store(table: pd.DataFrame, dsn: str) -> None:
    engine = create_engine(make_url(dsn).set(drivername="postgresql+psycopg"))
    table.to_sql("usual", engine, index=False, if_exists="replace", chunksize=10_000)
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
