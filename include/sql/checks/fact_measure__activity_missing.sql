-- fact_measure__activity_missing: every figure belongs to an activity that says the same of itself.
-- Grain: one row per figure without such an activity. Reads: stored_measure, stored_activity.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
select
    'an activity of the same version, union, category, kind and scope' as expected,
    'activity ' || fact_measure.activity_key || ' cell '
    || cell_address(fact_measure.source_column, fact_measure.source_row) as subject,
    case when fact_activity.activity_key is null then 'none' else 'one that differs' end as found
from stored_measure as fact_measure
left join stored_activity as fact_activity
    on
        fact_measure.week_start = fact_activity.week_start
        and fact_measure.activity_key = fact_activity.activity_key
        and fact_activity.week_start between :first_week_start and :last_week_start
where
    fact_measure.week_start between :first_week_start and :last_week_start
    and (
        fact_activity.activity_key is null
        or fact_measure.submission_key <> fact_activity.submission_key
        or fact_measure.organizer_union_key <> fact_activity.organizer_union_key
        or fact_measure.category_key <> fact_activity.category_key
        or fact_measure.campaign_key is distinct from fact_activity.campaign_key
        or fact_measure.place_division_key is distinct from fact_activity.place_division_key
        or fact_measure.period_kind <> fact_activity.period_kind
        or fact_measure.scope <> fact_activity.scope
        or fact_measure.since_on is distinct from fact_activity.since_on
        or fact_measure.as_of_on <> fact_activity.as_of_on
        or fact_measure.series_key <> fact_activity.series_key
    )
order by fact_measure.activity_key, subject;
