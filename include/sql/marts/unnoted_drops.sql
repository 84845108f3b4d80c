-- unnoted_drops: the drops since an instant that may have changed the figures of a week, of which no change is noted.
-- Grain: one row per drop. Reads: dim_submission, figure_change.
-- Params: :week_start, :since (when the last edition was published), :seen (the last version that it could know).
-- Both, since the clock may stand still, and a replay gives old versions new keys.
select dim_submission.object_id
from dim_submission
where
    dim_submission.received_at >= :since
    and dim_submission.submission_key > :seen
    and (dim_submission.week_start <= :week_start or :week_start = any(dim_submission.fact_weeks))
    and not exists (
        select figure_change.object_id
        from figure_change
        where figure_change.object_id = dim_submission.object_id
    )
order by dim_submission.object_id;
