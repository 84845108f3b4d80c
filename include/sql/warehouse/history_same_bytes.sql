-- history_same_bytes: other unions' current submissions that came as the very bytes of a new file (M25).
-- Grain: one row per submission, oldest first. Reads: dim_submission. Params: :union_id (the sender, left out),
-- :sha256, :first_week, :last_week (week ids, both included; they let the index on current submissions serve).
select
    submission.union_id,
    submission.receipt_no
from dim_submission as submission
where
    submission.superseded_at is null
    and submission.week_id between :first_week and :last_week
    and submission.sha256 = :sha256
    and submission.union_id <> :union_id
order by submission.arrival_order, submission.submission_key;
