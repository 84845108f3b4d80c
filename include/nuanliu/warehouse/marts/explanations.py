"""What unions explained about a week's figures, for those who read them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


@as_transient("reading a week's explanations")
def week_explanations(connection: Connection, week: ReportingWeek) -> list[dict[str, Any]]:
    """Accepted activities of a week whose queries 说明 answered: union_id, activity, rule, column (the template's header,
    None when the whole row was asked about), value as written, explanation. By union, in file order.
    """
    rules = [rule.id for rule in rule_registry() if rule.releasable]
    found = connection.execute(load_sql("marts", "week_explanations"), {"week_start": week.monday, "rules": rules})
    return [
        {
            "union_id": row.union_id,
            "activity": row.activity,
            "rule": row.rule,
            "column": row.column_header,
            "value": row.value,
            "explanation": row.explanation,
        }
        for row in found
    ]
