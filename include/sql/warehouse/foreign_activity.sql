-- foreign_activity: the facts of one union's current submissions that have the given activity keys.
-- Grain: one row per activity. Reads: dim_submission, fact_activity.
-- Params: :union_id, :activity_keys (text[]), :week_starts (date[]; prunes the partitions).
select
    activity.week_start,
    activity.activity_key,
    activity.natural_key,
    activity.activity_name,
    submission.object_id,
    submission.receipt_no
from dim_submission as submission
inner join fact_activity as activity on submission.submission_key = activity.submission_key
where
    submission.union_id = :union_id
    and submission.superseded_at is null
    and activity.natural_key = any(cast(:activity_keys as text[]))
    and activity.week_start = any(cast(:week_starts as date[]));
