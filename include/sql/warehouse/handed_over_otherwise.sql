-- handed_over_otherwise: whether played objects moved activities that they had not moved, or were told of otherwise.
-- Grain: one row. Reads: handed_over, the real and the shadow's. Params: :kept_ids (bigint[]: objects that were not
-- played).
-- What was never told and was undone later has left no note, so what is kept may lack it.
with noted as (
    select
        'then' as side,
        object_id,
        union_id,
        natural_key,
        week_start,
        told_receipt_no,
        is_given_back
    from public.handed_over
    union all
    select
        'now' as side,
        object_id,
        union_id,
        natural_key,
        week_start,
        told_receipt_no,
        is_given_back
    from replay.handed_over
)

select exists (
    select true
    from noted
    where object_id <> all(cast(:kept_ids as bigint[]))
    group by object_id, union_id, natural_key, week_start, told_receipt_no, is_given_back
    having count(*) filter (where side = 'then') <> count(*) filter (where side = 'now')
) as is_otherwise;
