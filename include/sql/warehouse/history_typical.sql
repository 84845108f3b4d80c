-- history_typical: how large one union's own event figures usually are, in hundredths.
-- Grain: one row per category and measure. Reads: stored_measure, dim_category, dim_measure.
-- Params: :submission_keys (bigint[]), :first_week, :last_week (prune the partitions).
with usual as (
    select
        category_key,
        measure_key,
        count(distinct week_start) as weeks,
        percentile_disc(0.5) within group (order by value_cents) as median_cents,
        max(value_cents) as max_cents
    from stored_measure
    where
        submission_key = any(cast(:submission_keys as bigint[]))
        and week_start between :first_week and :last_week
        and period_kind = 'event'
        and scope = 'own'
        and is_counting
    group by category_key, measure_key
)

select
    category.category_id,
    measure.measure_id,
    usual.weeks,
    usual.median_cents,
    usual.max_cents
from usual
inner join dim_category as category on usual.category_key = category.category_key
inner join dim_measure as measure on usual.measure_key = measure.measure_key;
