-- week_restatements: the cumulative figures that were said anew in a week and are less than they were.
-- Grain: one row per series and measure: explained twins are one figure of it. Reads: mart_cumulative, fact_activity.
-- Params: :week_start.
-- Exactness of the figure before: as the week before it has it; null when it was said and replaced within the week.
-- Explanation: of the row that is less; where it says nothing, of the one before, which may have come after it and said
-- why.
with restated as (
    select
        mart_cumulative.sender_union_id,
        mart_cumulative.series_key,
        mart_cumulative.measure_id,
        mart_cumulative.period_kind,
        mart_cumulative.scope,
        mart_cumulative.since_on,
        min(mart_cumulative.union_id) as union_id,
        min(mart_cumulative.category_id) as category_id,
        min(activity.reporting_union_id) as reporting_union_id,
        min(activity.activity_name) as activity_name,
        sum(mart_cumulative.value) as value,
        bit_or(mart_cumulative.exactness) as exactness,
        sum(mart_cumulative.value) - min(mart_cumulative.increment) as old_value,
        string_agg(distinct activity.explanation, ';') as explanation
    from mart_cumulative
    inner join fact_activity as activity
        on
            mart_cumulative.fact_week_start = activity.week_start
            and mart_cumulative.activity_key = activity.activity_key
    where
        mart_cumulative.week_start = :week_start
        and mart_cumulative.fact_week_start = :week_start
        and mart_cumulative.is_restated
    group by
        mart_cumulative.sender_union_id,
        mart_cumulative.series_key,
        mart_cumulative.measure_id,
        mart_cumulative.period_kind,
        mart_cumulative.scope,
        mart_cumulative.since_on
)

select
    restated.union_id,
    restated.reporting_union_id,
    restated.activity_name,
    restated.category_id,
    restated.measure_id,
    restated.period_kind,
    restated.scope,
    restated.since_on,
    restated.value,
    restated.exactness,
    restated.old_value,
    said_before.exactness as old_exactness,
    coalesce(restated.explanation, said_before.explanation) as explanation
from restated
left join lateral (
    select
        sum(earlier.value) as value,
        bit_or(earlier.exactness) as exactness,
        string_agg(distinct fact.explanation, ';') as explanation
    from mart_cumulative as earlier
    inner join fact_activity as fact
        on
            earlier.fact_week_start = fact.week_start
            and earlier.activity_key = fact.activity_key
    where
        earlier.week_start < :week_start
        and earlier.sender_union_id = restated.sender_union_id
        and earlier.series_key = restated.series_key
        and earlier.measure_id = restated.measure_id
        and earlier.period_kind = restated.period_kind
        and earlier.scope = restated.scope
    group by earlier.week_start
    order by earlier.week_start desc
    limit 1
) as said_before on restated.old_value = said_before.value
order by
    restated.union_id asc, restated.activity_name asc, restated.measure_id asc, restated.series_key asc;
