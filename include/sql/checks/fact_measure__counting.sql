-- fact_measure__counting: a figure counts exactly when its activity does.
-- Grain: one row per figure that differs. Reads: fact_measure, fact_activity.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
select
    'activity ' || fact_measure.activity_key || ' cell ' || fact_measure.source_cell as subject,
    case when fact_activity.is_counting then 'counts' else 'waits' end as expected,
    case when fact_measure.is_counting then 'counts' else 'waits' end as found
from fact_measure
inner join fact_activity
    on
        fact_measure.week_start = fact_activity.week_start
        and fact_measure.activity_key = fact_activity.activity_key
        and fact_activity.week_start between :first_week_start and :last_week_start
where
    fact_measure.week_start between :first_week_start and :last_week_start
    and fact_measure.is_counting <> fact_activity.is_counting
order by fact_measure.activity_key, fact_measure.source_cell;
