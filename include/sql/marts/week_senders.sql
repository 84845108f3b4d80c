-- week_senders: who has a current version of a week, 零报告 included.
-- Grain: one row per week and union. Reads: dim_submission.
-- Params: :week_ids (text[]).
select distinct
    week_id,
    union_id
from dim_submission
where week_id = any(:week_ids) and superseded_at is null
order by week_id, union_id;
