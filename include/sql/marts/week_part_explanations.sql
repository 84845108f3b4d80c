-- week_part_explanations: what each sender said of its largest explained own event of a week, by measure.
-- Grain: one row per sender and measure of which an activity that counts has a 说明.
-- Reads: fact_activity and fact_measure of the week, dim_submission, dim_measure. Params: :week_start (a Monday).
select distinct on (submission.union_id, dim_measure.measure_id)
    submission.union_id as sender_union_id,
    dim_measure.measure_id,
    activity.explanation
from fact_activity as activity
inner join fact_measure
    on activity.week_start = fact_measure.week_start and activity.activity_key = fact_measure.activity_key
inner join dim_submission as submission on activity.submission_key = submission.submission_key
inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
where
    activity.week_start = :week_start
    and activity.is_counting
    and activity.explanation is not null
    and fact_measure.is_counting
    and fact_measure.period_kind = 'event'
    and fact_measure.scope = 'own'
order by
    submission.union_id asc, dim_measure.measure_id asc, fact_measure.value desc, activity.activity_key asc;
