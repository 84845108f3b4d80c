-- series_heirs: the cumulative activities of a week whose 说明 may say that their series had another name before.
-- Grain: one row per activity and measure. Reads: fact_activity and fact_measure of the week, dim_submission,
-- dim_category, dim_union.
-- Params: :week_start, :mark (a like pattern that every such 说明 fits).
select
    activity.activity_key,
    activity.explanation,
    activity.activity_name,
    activity.activity_no,
    activity.item_name,
    dim_category.category_id,
    organizer.union_id as organizer_union_id,
    activity.reporting_union_id,
    activity.series_key,
    activity.period_kind,
    activity.scope,
    activity.as_of_on,
    figure.measure_key,
    dim_submission.union_id as sender_union_id,
    dim_submission.week_start as report_week_start,
    case when activity.period_kind = 'cumulative_since' then activity.since_on end as since_on
from fact_activity as activity
inner join fact_measure as figure
    on activity.week_start = figure.week_start and activity.activity_key = figure.activity_key
inner join dim_submission on activity.submission_key = dim_submission.submission_key
inner join dim_category on activity.category_key = dim_category.category_key
inner join dim_union as organizer on activity.organizer_union_key = organizer.union_key
where
    activity.week_start = :week_start
    and activity.is_counting
    and is_carried(activity.period_kind)
    and activity.explanation like :mark
order by activity.activity_key, figure.measure_key;
