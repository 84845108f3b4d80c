-- fact_activity__accepted_activities: a current version has as many facts as were loaded (but those that moved to their
-- organiser's own report before 0008); a superseded version has none.
-- Grain: one row per version that differs. Reads: dim_submission, fact_submission, fact_activity.
-- Params: :submission_keys (bigint[]: the versions to look at; null: all), :fact_week_starts (date[]: the weeks in
-- which their facts count; null: all).
with version as (
    select
        submission_key,
        object_id,
        receipt_no,
        version,
        superseded_at,
        fact_weeks
    from dim_submission
    where
        cast(:submission_keys as bigint[]) is null
        or submission_key = any(cast(:submission_keys as bigint[]))
),

-- by week, so that only the partitions that hold a version's facts are read
loaded as (
    select
        version.submission_key,
        count(*) as activity_count
    from version
    cross join unnest(version.fact_weeks) as fact_week (week_start)
    inner join fact_activity
        on
            fact_week.week_start = fact_activity.week_start
            and version.submission_key = fact_activity.submission_key
    where
        cast(:fact_week_starts as date[]) is null
        or fact_activity.week_start = any(cast(:fact_week_starts as date[]))
    group by version.submission_key
),

compared as (
    select
        version.submission_key,
        version.receipt_no,
        version.version,
        coalesce(loaded.activity_count, 0) as found_count,
        case
            when version.superseded_at is null
                then coalesce(fact_submission.activity_count - fact_submission.moved_count, 0)
            else 0
        end as expected_count
    from version
    left join fact_submission on version.object_id = fact_submission.object_id
    left join loaded on version.submission_key = loaded.submission_key
)

select
    'receipt ' || receipt_no || ' version ' || version as subject,
    expected_count || ' activities' as expected,
    found_count || ' in fact_activity' as found
from compared
where found_count <> expected_count
order by submission_key;
