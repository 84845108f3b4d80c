-- registry__object_missing: every registry row names one existing object, or one whose deletion was written down.
-- Grain: one row per registry row whose object is gone. Reads: registry, deletion.
-- Params: :intake_keys, :archive_keys, :quarantine_keys (text[], what the bucket holds), :object_ids (bigint[]: the
-- rows to look at; null: all).
-- A claimed object lies in intake/ still, or was just moved under the name of its bytes and its row is not closed yet.
with stored as (
    select key_of.object_key
    from unnest(cast(:archive_keys as text[]) || cast(:quarantine_keys as text[])) as key_of (object_key)
),

waiting as (
    select key_of.object_key
    from unnest(cast(:intake_keys as text[])) as key_of (object_key)
),

moved as (
    select distinct substring(stored.object_key from '([0-9a-f]{64})[^/]*$') as sha256
    from stored
)

select
    'no such object in the bucket' as found,
    'object ' || registry.object_id as subject,
    coalesce(registry.stored_key, registry.object_key) as expected
from registry
left join stored on registry.stored_key = stored.object_key
left join waiting on registry.source_key = waiting.object_key and registry.state = 'claimed'
left join moved on registry.sha256 = moved.sha256 and registry.state = 'claimed'
left join deletion
    on
        registry.stored_key = deletion.object_key
        and registry.finished_at <= deletion.logged_at
        and deletion.withdrawn_at is null
where
    (cast(:object_ids as bigint[]) is null or registry.object_id = any(cast(:object_ids as bigint[])))
    and stored.object_key is null
    and waiting.object_key is null
    and moved.sha256 is null
    and deletion.deletion_key is null
order by registry.object_id;
