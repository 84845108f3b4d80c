-- superseded_submission: mark the current versions of a union and week that came before a new one as superseded.
-- Grain: one row per version that was current. Params: :submission_key of the new one. Rerun: finds none.
update dim_submission as earlier
set
    superseded_at = newer.received_at,
    superseded_by = newer.submission_key
from dim_submission as newer
where
    newer.submission_key = :submission_key
    and earlier.union_id = newer.union_id
    and earlier.week_id = newer.week_id
    and (earlier.arrival_order, earlier.object_id) < (newer.arrival_order, newer.object_id)
    and earlier.superseded_at is null
returning earlier.submission_key, earlier.fact_weeks;
