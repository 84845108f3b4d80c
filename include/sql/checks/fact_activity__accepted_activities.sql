-- fact_activity__accepted_activities: a current version has as many facts as were accepted, but those that moved to
-- their organiser's own report; a superseded version has none.
-- Grain: one row per version that differs. Reads: dim_submission, fact_submission, fact_activity. Params: none.
with loaded as (
    select
        submission_key,
        count(*) as activity_count
    from fact_activity
    group by submission_key
),

compared as (
    select
        dim_submission.submission_key,
        dim_submission.receipt_no,
        dim_submission.version,
        coalesce(loaded.activity_count, 0) as found_count,
        case
            when dim_submission.superseded_at is null
                then coalesce(fact_submission.activity_count - fact_submission.moved_count, 0)
            else 0
        end as expected_count
    from dim_submission
    left join fact_submission on dim_submission.object_id = fact_submission.object_id
    left join loaded on dim_submission.submission_key = loaded.submission_key
)

select
    'receipt ' || receipt_no || ' version ' || version as subject,
    expected_count || ' activities' as expected,
    found_count || ' in fact_activity' as found
from compared
where found_count <> expected_count
order by submission_key;
