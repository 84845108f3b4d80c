-- week_figures_earlier: the figures of a week that stood in an earlier week too, as they were there.
-- Grain: one row per figure of the week that the earlier one has.
-- Reads: mart_week_figure, and through the function figure_of_week mart_cumulative and dim_union.
-- Params: :week_start, :earlier_start (Mondays). A week that nobody touched hands on ytd, cumulative_since and stock.
select
    figure.figure_id,
    figure.union_id,
    figure.basis,
    figure.category_id,
    figure.measure_id,
    figure.period_kind,
    figure.scope,
    figure.since_on,
    figure.value,
    figure.exactness,
    earlier.value as earlier_value,
    earlier.exactness as earlier_exactness
from mart_week_figure as figure
inner join figure_of_week(cast(:earlier_start as date)) as earlier
    on
        figure.union_id = earlier.union_id
        and figure.basis = earlier.basis
        and figure.category_id = earlier.category_id
        and figure.measure_id = earlier.measure_id
        and figure.period_kind = earlier.period_kind
        and figure.scope = earlier.scope
        and figure.since_on is not distinct from earlier.since_on
where figure.week_start = :week_start
order by figure.figure_id;
