"""Every change of a published figure, one line a step; sums without an upper bound.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SUMS = (
    ("mart_week_figure", "value", False),
    ("mart_cumulative", "value", False),
    ("mart_cumulative", "increment", True),
    ("mart_campaign_week", "value", False),
)
_PUBLISHED = """
    insert into published_figure (week_start, figure_id, is_campaign, value, exactness)
    with shown as (
        select
            edition.week_id,
            edition.edition_no,
            max(edition.edition_no) over (partition by edition.week_id) as last_edition_no,
            figure.said,
            figure.is_campaign
        from edition
        cross join lateral (
            select jsonb_array_elements(edition.document -> 'figures') as said, false as is_campaign
            union all
            select jsonb_array_elements(edition.document -> 'campaigns') as said, true as is_campaign
        ) as figure
    )
    select distinct on (week_id, said ->> 'figure_id')
        to_date(week_id, 'IYYY"-W"IW'),
        case when is_campaign then regexp_replace(said ->> 'figure_id', '^[0-9]{4}-W[0-9]{2}/', '')
            else said ->> 'figure_id' end,
        is_campaign,
        case when edition_no = last_edition_no then cast(said ->> 'value' as numeric) end,
        case when edition_no = last_edition_no
            then array_position(array['exact', 'over', 'under', 'approx'], said ->> 'exactness') - 1 end
    from shown
    order by week_id, said ->> 'figure_id', edition_no desc
"""
"""What readers know of each week: its last edition; figures that only an earlier one had are gone."""

_SEEN = """
    update edition
    set submission_seen = coalesce(
        (select max(submission_key) from dim_submission where received_at < edition.published_at), 0
    )
"""


def upgrade() -> None:
    """Add both tables, filled from the editions that stand; lift the bound of sums.

    What changed between a week's last edition and this moment is found by its next roll-up, as one step a figure.
    """
    for table, column, nullable in _SUMS:
        op.alter_column(
            table, column, type_=sa.Numeric(), existing_type=sa.Numeric(18, 2), existing_nullable=nullable
        )
    op.add_column(
        "edition",
        sa.Column(
            "change_seen",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="last figure_change when it was made",
        ),
    )
    op.add_column(
        "edition",
        sa.Column(
            "submission_seen", sa.BigInteger(), server_default="0", nullable=False, comment="last dim_submission then"
        ),
    )
    op.execute(sa.text(_SEEN))
    op.create_table(
        "published_figure",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("figure_id", sa.Text(), nullable=False, comment="contract §4; a campaign's figure without its week"),
        sa.Column("is_campaign", sa.Boolean(), nullable=False),
        sa.Column(
            "value",
            sa.Numeric(),
            nullable=True,
            comment="as it stands since the last line of figure_change; null: there is none now",
        ),
        sa.Column(
            "exactness",
            sa.SmallInteger(),
            nullable=True,
            comment="null: there is none now, or readers were never told",
        ),
        sa.PrimaryKeyConstraint("week_start", "figure_id", name=op.f("pk_published_figure")),
        comment="Every figure that an edition of its week has shown, as it was when its changes were noted last.",
    )
    op.create_table(
        "figure_change",
        sa.Column("change_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("week_id", sa.Text(), nullable=False),
        sa.Column("figure_id", sa.Text(), nullable=False),
        sa.Column("old_value", sa.Numeric(), nullable=True),
        sa.Column("old_exactness", sa.SmallInteger(), nullable=True),
        sa.Column("new_value", sa.Numeric(), nullable=True),
        sa.Column("new_exactness", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=True, comment="the drop that changed it; null where none did"),
        sa.Column("noted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "reason in ('补报', '更正', '核实放行', '单位变动', '规则变动', '重新汇总')",
            name=op.f("ck_figure_change__reason"),
        ),
        sa.PrimaryKeyConstraint("change_key", name=op.f("pk_figure_change")),
        comment="Every step of a published figure, in the order in which they happened; editions tell them.",
    )
    op.create_index(op.f("ix_figure_change__object_id"), "figure_change", ["object_id"])
    op.execute(sa.text(_PUBLISHED))


def downgrade() -> None:
    """Forget the steps; editions tell what they told. A sum above the old bound stops it."""
    op.drop_index(op.f("ix_figure_change__object_id"), table_name="figure_change")
    op.drop_table("figure_change")
    op.drop_table("published_figure")
    op.drop_column("edition", "submission_seen")
    op.drop_column("edition", "change_seen")
    for table, column, nullable in _SUMS:
        op.alter_column(
            table, column, type_=sa.Numeric(18, 2), existing_type=sa.Numeric(), existing_nullable=nullable
        )
