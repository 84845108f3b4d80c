-- registry__object_unnamed: every object of archive/ and quarantine/ is named by a registry row.
-- Grain: one row per object that no row names. Reads: registry.
-- Params: :archive_keys, :quarantine_keys (text[], what the bucket holds).
select
    key_of.object_key as subject,
    'a registry row that names it' as expected,
    'none' as found
from unnest(cast(:archive_keys as text[]) || cast(:quarantine_keys as text[])) as key_of (object_key)
left join registry on key_of.object_key = registry.stored_key
where registry.object_id is null
order by key_of.object_key;
