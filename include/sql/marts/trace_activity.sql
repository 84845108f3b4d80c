-- trace_activity: the cell of one number of one activity.
-- Grain: one row per cell, no more than one.
-- Reads: fact_activity and fact_measure of the week, dim_submission, registry, dim_measure.
-- Params: :week_start, :union_id (the sender), :key_digest (of the activity's key), :measure_id.
select
    dim_submission.union_id,
    registry.object_key,
    registry.sha256,
    fact_measure.source_sheet,
    fact_measure.source_cell,
    fact_measure.raw_text,
    fact_measure.value,
    fact_measure.exactness
from fact_activity as activity
inner join fact_measure
    on activity.week_start = fact_measure.week_start and activity.activity_key = fact_measure.activity_key
inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
inner join dim_submission on activity.submission_key = dim_submission.submission_key
inner join registry on dim_submission.object_id = registry.object_id
where
    activity.week_start = :week_start
    and activity.is_counting
    and dim_submission.union_id = :union_id
    and dim_measure.measure_id = :measure_id
    and left(encode(sha256(convert_to(activity.natural_key, 'UTF8')), 'hex'), 16) = :key_digest;
