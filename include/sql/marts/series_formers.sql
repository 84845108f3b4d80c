-- series_formers: the cumulative activities of some senders that a week would carry on or say, with their names.
-- Grain: one row per activity and measure. Reads: mart_cumulative of the last earlier week that has one, fact_activity
-- and fact_measure of its facts and of the week, dim_submission, dim_category, dim_union.
-- Params: :week_start, :sender_ids (text[]).
with last_week as (
    select max(week_start) as week_start
    from mart_cumulative
    where week_start < :week_start
),

candidate as (
    select
        mart_cumulative.fact_week_start as week_start,
        mart_cumulative.activity_key
    from mart_cumulative
    inner join last_week on mart_cumulative.week_start = last_week.week_start
    where mart_cumulative.sender_union_id = any(cast(:sender_ids as text[]))
    union
    select
        fact_activity.week_start,
        fact_activity.activity_key
    from fact_activity
    inner join dim_submission on fact_activity.submission_key = dim_submission.submission_key
    where
        fact_activity.week_start = :week_start
        and fact_activity.is_counting
        and is_carried(fact_activity.period_kind)
        and dim_submission.union_id = any(cast(:sender_ids as text[]))
)

select
    activity.activity_key,
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
from candidate
inner join fact_activity as activity
    on candidate.week_start = activity.week_start and candidate.activity_key = activity.activity_key
inner join fact_measure as figure
    on activity.week_start = figure.week_start and activity.activity_key = figure.activity_key
inner join dim_submission on activity.submission_key = dim_submission.submission_key
inner join dim_category on activity.category_key = dim_category.category_key
inner join dim_union as organizer on activity.organizer_union_key = organizer.union_key
order by activity.activity_key, figure.measure_key;
