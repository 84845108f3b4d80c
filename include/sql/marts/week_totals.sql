-- week_totals: what the whole province did in each of some weeks, by some measures.
-- Grain: one row per week and measure that anybody reported. Reads: mart_week_figure.
-- Params: :week_starts (date[]), :union_id (the province's), :measure_ids (text[]).
select
    week_start,
    measure_id,
    value,
    exactness
from mart_week_figure
where
    week_start = any(cast(:week_starts as date[]))
    and union_id = :union_id
    and basis = 'organizer'
    and category_id = 'all'
    and period_kind = 'event'
    and scope = 'own'
    and measure_id = any(cast(:measure_ids as text[]))
order by week_start asc, measure_id asc;
