-- history_current_row: the activities of given submissions.
-- Grain: one row per activity. Reads: fact_activity.
-- Params: :submission_keys (bigint[]), :first_week, :last_week (prune the partitions).
select
    natural_key as activity_key,
    content_hash,
    activity_name,
    explanation,
    is_counting,
    submission_key
from fact_activity
where
    submission_key = any(cast(:submission_keys as bigint[]))
    and week_start between :first_week and :last_week;
