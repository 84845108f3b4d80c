-- expired_object: stored objects whose time has come, each with the receipts that answer it.
-- Grain: one row per object of archive/ or quarantine/. Reads: registry, receipt, deletion.
-- Params: :originals_before, :quarantined_before (timestamptz, null: kept for ever), :most (objects).
-- An original goes when nothing was received for its union and week since: the versions of a week go together, so that
-- a replay meets none of them alone. A list of persons goes by its own age.
with answered as (
    select
        registry.union_id,
        registry.stored_key,
        registry.sha256,
        registry.received_at,
        registry.finished_at,
        receipt.receipt_no,
        receipt.filed_week,
        receipt.written_at
    from registry
    left join receipt on registry.object_id = receipt.object_id
),

week as (
    select
        answered.union_id,
        answered.filed_week,
        max(answered.received_at) as last_received_at
    from answered
    group by answered.union_id, answered.filed_week
),

stored as (
    select
        answered.stored_key,
        answered.union_id,
        answered.sha256,
        max(answered.received_at) as last_received_at,
        max(week.last_received_at) as week_received_at,
        max(answered.finished_at) as last_finished_at,
        array_agg('receipts/' || answered.union_id || '/' || answered.filed_week || '/' || answered.receipt_no)
            as receipt_stems
    from answered
    left join week on answered.union_id = week.union_id and answered.filed_week = week.filed_week
    where answered.stored_key is not null
    group by answered.stored_key, answered.union_id, answered.sha256
    having bool_and(answered.written_at is not null)
)

select
    stored.stored_key,
    stored.union_id,
    stored.sha256,
    stored.receipt_stems,
    case when starts_with(stored.stored_key, 'archive/') then 'originals' else 'quarantine' end as kept_by
from stored
left join deletion
    on
        stored.stored_key = deletion.object_key
        and stored.last_finished_at <= deletion.logged_at
        and deletion.withdrawn_at is null
where
    deletion.deletion_key is null
    and (
        (
            starts_with(stored.stored_key, 'archive/')
            and stored.week_received_at < cast(:originals_before as timestamptz)
        )
        or (
            starts_with(stored.stored_key, 'quarantine/')
            and stored.last_received_at < cast(:quarantined_before as timestamptz)
        )
    )
order by stored.stored_key
limit :most;
