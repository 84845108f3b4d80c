-- fact_measure__counting: a figure counts exactly when its activity does.
-- Grain: one row per figure that differs. Reads: stored_measure, stored_activity.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
select
    'activity ' || fact_measure.activity_key || ' cell '
    || cell_address(fact_measure.source_column, fact_measure.source_row) as subject,
    case when fact_activity.is_counting then 'counts' else 'waits' end as expected,
    case when fact_measure.is_counting then 'counts' else 'waits' end as found
from stored_measure as fact_measure
inner join stored_activity as fact_activity
    on
        fact_measure.week_start = fact_activity.week_start
        and fact_measure.activity_key = fact_activity.activity_key
        and fact_activity.week_start between :first_week_start and :last_week_start
where
    fact_measure.week_start between :first_week_start and :last_week_start
    and fact_measure.is_counting <> fact_activity.is_counting
order by fact_measure.activity_key, subject;
