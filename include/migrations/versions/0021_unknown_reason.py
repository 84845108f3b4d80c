"""A change of a published figure of which nobody noted the reason says so; comments of columns name what there is.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NAME = "ck_figure_change__reason"
_KNOWN = "'补报', '更正', '核实放行', '单位变动', '规则变动', '重新汇总'"
_COMMENTS = (
    (
        "learned_alias",
        "folded_text",
        "look-up form, nuanliu.label_text.fold_label",
        "look-up form, nuanliu.contract.label_text.fold_label",
    ),
    (
        "outbox",
        "purpose",
        "edition/2024-W49/1, reminder/2024-W49/2024-12-09, alert/…",
        "edition/2024-W49/1, reminder/2024-W49/620400/2024-12-09, alert/…",
    ),
)
"""Table, column, and what was said of it before and is now."""


def upgrade() -> None:
    """Let the reason be unknown."""
    op.drop_constraint(op.f(_NAME), "figure_change", type_="check")
    op.create_check_constraint(op.f(_NAME), "figure_change", f"reason in ({_KNOWN}, '原因不明')")
    for table, column, before, now in _COMMENTS:
        _comment(table, column, before, now)


def downgrade() -> None:
    """Call it a roll-up again, as it was called before where nothing was found."""
    op.execute("update figure_change set reason = '重新汇总' where reason = '原因不明'")
    op.drop_constraint(op.f(_NAME), "figure_change", type_="check")
    op.create_check_constraint(op.f(_NAME), "figure_change", f"reason in ({_KNOWN})")
    for table, column, before, now in _COMMENTS:
        _comment(table, column, now, before)


def _comment(table: str, column: str, before: str, now: str) -> None:
    op.alter_column(
        table, column, comment=now, existing_comment=before, existing_type=sa.Text(), existing_nullable=False
    )
