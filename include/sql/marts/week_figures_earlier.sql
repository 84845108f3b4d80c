-- week_figures_earlier: the figures of a week that stood in an earlier week too, as they were there.
-- Grain: one row per figure of the week that the earlier one has. Reads: mart_week_figure.
-- Params: :week_start, :earlier_start (Mondays).
-- ytd, cumulative_since and stock: in a week that nobody touched the sums of the last week before it hold, ytd within
-- its year only.
with last_week as (
    select max(week_start) as week_start
    from mart_week_figure
    where week_start <= :earlier_start
),

earlier as (
    select
        mart_week_figure.period_kind,
        mart_week_figure.week_start,
        mart_week_figure.value,
        mart_week_figure.exactness,
        right(mart_week_figure.figure_id, -8) as figure_of
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
inner join earlier on right(figure.figure_id, -8) = earlier.figure_of
where
    figure.week_start = :week_start
    and (
        earlier.week_start = :earlier_start
        or earlier.period_kind in ('cumulative_since', 'stock', 'ytd')
    )
    and (
        earlier.period_kind <> 'ytd'
        or extract(year from earlier.week_start + 6) = extract(year from cast(:earlier_start as date) + 6)
    )
order by figure.figure_id;
