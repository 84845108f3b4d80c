-- registry__object_missing: every registry row names one existing object.
-- Grain: one row per registry row whose object is gone. Reads: registry.
-- Params: :intake_keys, :archive_keys, :quarantine_keys (text[], what the bucket holds).
-- A claimed object lies in intake/ still, or where it was moved to just before its row is closed.
with object as (
    select key_of.object_key
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
where object.object_key is null
order by registry.object_id;
