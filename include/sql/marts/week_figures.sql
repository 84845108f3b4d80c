-- week_figures: the figures of a week, each with the same figure a week earlier.
-- Grain: one row per figure of the week.
-- Reads: mart_week_figure, dim_measure, and through the function figure_of_week mart_cumulative and dim_union.
-- Params: :week_start, :week_before. A week that nobody touched hands on ytd, cumulative_since and stock; a ytd sum of
-- another year is none.
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
left join figure_of_week(cast(:week_before as date)) as earlier
    on
        figure.union_id = earlier.union_id
        and figure.basis = earlier.basis
        and figure.category_id = earlier.category_id
        and figure.measure_id = earlier.measure_id
        and figure.period_kind = earlier.period_kind
        and figure.scope = earlier.scope
        and figure.since_on is not distinct from earlier.since_on
        and (
            earlier.period_kind <> 'ytd'
            or extract(year from cast(:week_before as date) + 6) = extract(year from figure.week_start + 6)
        )
where figure.week_start = :week_start
order by figure.figure_id;
