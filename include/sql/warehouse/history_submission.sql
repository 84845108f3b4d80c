-- history_submission: the current submissions of one union, over all weeks, newest week first, of a week the last file.
-- Grain: one row per current version. Reads: dim_submission, fact_submission. Params: :union_id.
-- Its rows name the keys and partitions by which the other history statements find their facts.
select
    submission.submission_key,
    submission.week_start,
    submission.receipt_no,
    submission.fact_weeks,
    counts.figure_count
from dim_submission as submission
inner join fact_submission as counts on submission.object_id = counts.object_id
where submission.union_id = :union_id and submission.superseded_at is null
order by submission.week_start desc, submission.arrival_order desc, submission.object_id desc;
