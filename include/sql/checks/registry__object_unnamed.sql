-- registry__object_unnamed: every object of archive/ and quarantine/ is named by a registry row.
-- Grain: one row per object that no row names. Reads: registry.
-- Params: :archive_keys, :quarantine_keys (text[], what the bucket holds).
-- The bytes of a claimed row may have been moved already, under their own name, before the row is closed.
with object as (
    select
        key_of.object_key,
        substring(key_of.object_key from '([0-9a-f]{64})[^/]*$') as sha256
    from unnest(cast(:archive_keys as text[]) || cast(:quarantine_keys as text[])) as key_of (object_key)
)

select
    object.object_key as subject,
    'a registry row that names it' as expected,
    'none' as found
from object
left join registry as named on object.object_key = named.stored_key
left join registry as claimed on object.sha256 = claimed.sha256 and claimed.state = 'claimed'
where named.object_id is null and claimed.object_id is null
order by object.object_key;
