-- history_version: every answered drop of one union under one week, trials left out.
-- Grain: one row per receipt, in order of arrival. Reads: receipt, registry, dim_submission.
-- Params: :union_id, :week_id, :arrival_order and :object_id (the place of the file that is checked).
-- What was never loaded has no version and an empty content hash.
select
    answer.receipt_no,
    submission.version,
    taken.sha256,
    answer.document,
    coalesce(submission.content_hash, '') as content_hash,
    submission.submission_key is not null and submission.superseded_at is null as is_current,
    (taken.arrival_order, taken.object_id) > (:arrival_order, :object_id) as is_younger
from receipt as answer
inner join registry as taken on answer.object_id = taken.object_id
left join dim_submission as submission on answer.object_id = submission.object_id
where answer.union_id = :union_id and answer.filed_week = :week_id and not taken.is_trial
order by taken.arrival_order, taken.object_id;
