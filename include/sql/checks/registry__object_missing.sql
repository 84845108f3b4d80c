-- registry__object_missing: every registry row names one existing object.
-- Grain: one row per registry row whose object is gone. Reads: registry.
-- Params: :intake_keys, :archive_keys, :quarantine_keys (text[], what the bucket holds).
-- A claimed object lies in intake/ still, or has just been moved under the name of its bytes and its row is not closed yet.
with object as (
    select
        key_of.object_key,
        substring(key_of.object_key from '^(?:archive|quarantine)/.*([0-9a-f]{64})[^/]*$') as sha256
    from unnest(
        cast(:intake_keys as text[]) || cast(:archive_keys as text[]) || cast(:quarantine_keys as text[])
    ) as key_of (object_key)
)

select
    'no such object in the bucket' as found,
    'object ' || registry.object_id as subject,
    coalesce(registry.stored_key, registry.source_key) as expected
from registry
left join object on coalesce(registry.stored_key, registry.source_key) = object.object_key
where
    object.object_key is null
    and (registry.state <> 'claimed' or registry.sha256 not in (select sha256 from object where sha256 is not null))
order by registry.object_id;
