-- week_figures_earlier: the figures of a week that stood in an earlier week too, as they were there.
-- Grain: one row per figure of the week that the earlier one has. Reads: mart_week_figure, dim_union.
-- Params: :week_start, :earlier_start (Mondays).
-- ytd, cumulative_since and stock: in a week that nobody touched the sums of the last week before it hold, ytd within
-- its year only.
with last_week as (
    select max(week_start) as week_start
    from mart_week_figure
    where week_start <= :earlier_start
),

-- unions that moved or ended since make other sums of the same series
stands_otherwise as (
    select
        coalesce(
            bool_or(dim_union.valid_from > last_week.week_start and dim_union.valid_from <= :earlier_start)
            or bool_or(dim_union.valid_to > last_week.week_start and dim_union.valid_to <= :earlier_start),
            false
        ) as is_so
    from dim_union
    cross join last_week
),

earlier as (
    select
        mart_week_figure.week_start,
        mart_week_figure.union_id,
        mart_week_figure.basis,
        mart_week_figure.category_id,
        mart_week_figure.measure_id,
        mart_week_figure.period_kind,
        mart_week_figure.scope,
        mart_week_figure.since_on,
        mart_week_figure.value,
        mart_week_figure.exactness
    from mart_week_figure
    inner join last_week on mart_week_figure.week_start = last_week.week_start
)

select
    figure.figure_id,
    figure.union_id,
    figure.basis,
    figure.period_kind,
    figure.scope,
    figure.value,
    earlier.value as earlier_value,
    earlier.exactness as earlier_exactness
from mart_week_figure as figure
inner join earlier
    on
        figure.union_id = earlier.union_id
        and figure.basis = earlier.basis
        and figure.category_id = earlier.category_id
        and figure.measure_id = earlier.measure_id
        and figure.period_kind = earlier.period_kind
        and figure.scope = earlier.scope
        and figure.since_on is not distinct from earlier.since_on
cross join stands_otherwise
where
    figure.week_start = :week_start
    and (
        earlier.week_start = :earlier_start
        or (earlier.period_kind in ('cumulative_since', 'stock', 'ytd') and not stands_otherwise.is_so)
    )
    and (
        earlier.period_kind <> 'ytd'
        or extract(year from earlier.week_start + 6) = extract(year from cast(:earlier_start as date) + 6)
    )
order by figure.figure_id;
