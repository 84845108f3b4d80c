-- history_explanation: what 说明 says of given activities.
-- Grain: one row per activity that has one. Reads: fact_activity.
-- Params: :activity_keys (bigint[]), :week_starts (date[]; prunes the partitions).
select
    activity_key,
    explanation
from fact_activity
where
    activity_key = any(cast(:activity_keys as bigint[]))
    and week_start = any(cast(:week_starts as date[]))
    and explanation is not null;
