-- history_current_series: the cumulative figures that current submissions hold, with all that names their series.
-- Grain: one row per activity and measure. Reads: fact_activity, fact_measure, dimensions.
-- Params: :submission_keys (bigint[]), :period_kinds (text[]), :first_week, :last_week (prune the partitions).
select
    activity.series_key,
    measure.measure_id,
    activity.period_kind,
    activity.scope,
    activity.since_on,
    activity.as_of_on,
    activity.activity_name,
    activity.activity_no,
    category.category_id,
    activity.item_name,
    organizer.union_id as organizer_union_id,
    activity.reporting_union_id,
    activity.explanation,
    activity.submission_key
from fact_activity as activity
inner join fact_measure as figure
    on activity.week_start = figure.week_start and activity.activity_key = figure.activity_key
inner join dim_measure as measure on figure.measure_key = measure.measure_key
inner join dim_category as category on activity.category_key = category.category_key
inner join dim_union as organizer on activity.organizer_union_key = organizer.union_key
where
    activity.submission_key = any(cast(:submission_keys as bigint[]))
    and activity.week_start between :first_week and :last_week
    and activity.is_counting
    and activity.period_kind = any(cast(:period_kinds as text[]))
order by activity.as_of_on desc, activity.activity_key desc, measure.measure_id asc;
