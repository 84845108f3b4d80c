-- version_of_weeks: the versions that some weeks rest on: filed under them, counting in them, or with a cumulative
-- figure that is carried into them.
-- Grain: one row per version, superseded ones too. Reads: dim_submission, mart_cumulative, fact_activity.
-- Params: :first_week_start, :last_week_start (Mondays, both included), :week_starts (date[]: the same, one by one),
-- :carried_week_starts (date[]: the partitions that the carried figures were read from).
with carried as (
    select distinct fact_activity.submission_key
    from mart_cumulative
    inner join fact_activity
        on
            mart_cumulative.fact_week_start = fact_activity.week_start
            and mart_cumulative.activity_key = fact_activity.activity_key
    where
        mart_cumulative.week_start between :first_week_start and :last_week_start
        and fact_activity.week_start = any(cast(:carried_week_starts as date[]))
)

select
    dim_submission.submission_key,
    dim_submission.fact_weeks
from dim_submission
left join carried on dim_submission.submission_key = carried.submission_key
where
    dim_submission.week_start between :first_week_start and :last_week_start
    or carried.submission_key is not null
    or dim_submission.fact_weeks && cast(:week_starts as date[])
order by dim_submission.submission_key;
