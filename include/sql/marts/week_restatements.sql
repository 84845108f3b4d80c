-- week_restatements: the cumulative figures that were said anew in a week and are less than they were.
-- Grain: one row per activity and measure. Reads: mart_cumulative, fact_activity.
-- Params: :week_start.
-- Exactness of the figure before: as the week before it has it; null when it was said and replaced within the week.
-- Explanation: of the row that is less; where it says nothing, of the one before, which may have come after it and said
-- why.
select
    restated.union_id,
    activity.reporting_union_id,
    activity.activity_name,
    restated.category_id,
    restated.measure_id,
    restated.period_kind,
    restated.scope,
    restated.since_on,
    restated.value,
    restated.exactness,
    said_before.exactness as old_exactness,
    coalesce(activity.explanation, said_before.explanation) as explanation,
    restated.value - restated.increment as old_value
from mart_cumulative as restated
inner join fact_activity as activity
    on
        restated.fact_week_start = activity.week_start
        and restated.activity_key = activity.activity_key
left join lateral (
    select
        earlier.value,
        earlier.exactness,
        fact.explanation
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
    order by earlier.week_start desc
    limit 1
) as said_before on restated.value - restated.increment = said_before.value
where
    restated.week_start = :week_start
    and restated.fact_week_start = :week_start
    and restated.is_restated
order by
    restated.union_id asc, activity.activity_name asc, restated.measure_id asc, restated.series_key asc;
