-- week_figures: the figures of a week, each with the same figure a week earlier.
-- Grain: one row per figure of the week. Reads: mart_week_figure, dim_measure, dim_union.
-- Params: :week_start, :week_before.
-- ytd, cumulative_since and stock: nothing was said between the last week with figures and the week before, so its sums
-- are the sums a week earlier; a ytd sum of another year is not.
with last_week as (
    select max(week_start) as week_start
    from mart_week_figure
    where week_start < :week_start
),

-- unions that moved or ended since make other sums of the same series
stands_otherwise as (
    select
        coalesce(
            bool_or(dim_union.valid_from > last_week.week_start and dim_union.valid_from <= :week_before)
            or bool_or(dim_union.valid_to > last_week.week_start and dim_union.valid_to <= :week_before),
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
        mart_week_figure.value
    from mart_week_figure
    inner join last_week on mart_week_figure.week_start = last_week.week_start
)

select
    figure.figure_id,
    figure.union_id,
    figure.level,
    figure.basis,
    figure.category_id,
    figure.measure_id,
    dim_measure.unit,
    figure.period_kind,
    figure.scope,
    figure.since_on,
    figure.value,
    figure.exactness,
    figure.activity_count,
    earlier.value as previous
from mart_week_figure as figure
inner join dim_measure on figure.measure_id = dim_measure.measure_id
cross join stands_otherwise
left join earlier
    on
        figure.union_id = earlier.union_id
        and figure.basis = earlier.basis
        and figure.category_id = earlier.category_id
        and figure.measure_id = earlier.measure_id
        and figure.period_kind = earlier.period_kind
        and figure.scope = earlier.scope
        and figure.since_on is not distinct from earlier.since_on
        and (
            earlier.week_start = :week_before
            or (earlier.period_kind in ('cumulative_since', 'stock', 'ytd') and not stands_otherwise.is_so)
        )
        and (
            earlier.period_kind <> 'ytd'
            or extract(year from earlier.week_start + 6) = extract(year from figure.week_start + 6)
        )
where figure.week_start = :week_start
order by figure.figure_id;
