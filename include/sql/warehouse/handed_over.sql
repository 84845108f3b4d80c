-- handed_over: what one union's report counts in place of, in reports of others that were accepted.
-- Grain: one row per activity that waits so and is not noted yet. Reads: fact_activity, dim_submission.
-- Params: none. Rerun: finds none. For an upgrade and a replay, after which rows wait that counted before; a load notes
-- its own.
insert into handed_over (
    object_id, receipt_no, organizer_union_id, union_id, from_receipt_no, natural_key, week_start, activity_name,
    is_given_back
)
select distinct on (own_version.object_id, version.union_id, waiting.natural_key, waiting.week_start)
    own_version.object_id,
    own_version.receipt_no,
    own_version.union_id as organizer_union_id,
    version.union_id,
    version.receipt_no as from_receipt_no,
    waiting.natural_key,
    waiting.week_start,
    waiting.activity_name,
    false as is_given_back
from fact_activity as waiting
inner join dim_submission as version on waiting.submission_key = version.submission_key
inner join fact_activity as own on waiting.identity_key = own.identity_key
inner join dim_submission as own_version
    on own.submission_key = own_version.submission_key and version.union_id <> own_version.union_id
where
    not waiting.is_counting
    and waiting.is_accepted
    and waiting.identity_key <> ''
    and own.is_counting
    and not exists (
        select known.object_id
        from handed_over as known
        where
            known.union_id = version.union_id
            and known.natural_key = waiting.natural_key
            and known.week_start = waiting.week_start
            and not known.is_given_back
    )
order by
    own_version.object_id,
    version.union_id,
    waiting.natural_key,
    waiting.week_start,
    version.receipt_no
on conflict do nothing;
