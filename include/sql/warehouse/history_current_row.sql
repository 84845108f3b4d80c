-- history_current_row: the activities of given submissions.
-- Grain: one row per activity. Reads: fact_activity.
-- Params: :submission_keys (bigint[]), :week_starts (date[]; prunes the partitions).
select
    natural_key as activity_key,
    content_hash,
    activity_name,
    submission_key
from fact_activity
where
    submission_key = any(cast(:submission_keys as bigint[]))
    and week_start = any(cast(:week_starts as date[]));
