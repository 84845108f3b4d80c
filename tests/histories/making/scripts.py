"""A history as a Python script that plays it again, saying only what differs from the defaults."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal

from tests.model.drops import Step

HEAD = """from datetime import date, datetime
from decimal import Decimal

from tests.histories.showing import show
from tests.model.drops import Amount, Drop, Publish, Row, TreeChange
"""


def print_script(steps: tuple[Step, ...]) -> str:
    """To be run where the tests are found: ``PYTHONPATH=include python script.py``."""
    listed = "\n".join(f"    {print_value(step)}," for step in steps)
    return f"{HEAD}\nsteps = (\n{listed}\n)\nif __name__ == '__main__':\n    show(steps)\n"


def print_value(value: object) -> str:
    if is_dataclass(value):
        said = ((field, getattr(value, field.name)) for field in fields(value))
        cells = (f"{field.name}={print_value(cell)}" for field, cell in said if cell != field.default)
        return f"{type(value).__name__}({', '.join(cells)})"
    if isinstance(value, tuple):
        return f"({''.join(f'{print_value(part)}, ' for part in value)})"
    if isinstance(value, datetime | date):
        return f"{type(value).__name__}.fromisoformat({value.isoformat()!r})"
    return f"Decimal({str(value)!r})" if isinstance(value, Decimal) else repr(value)
