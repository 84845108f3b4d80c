-- deletion__object_present: what was deleted is gone.
-- Grain: one row per object that lies there although its deletion was written down. Reads: deletion, registry.
-- Params: :archive_keys, :quarantine_keys (text[], what the bucket holds).
-- The same bytes may have been reported again since, and lie there as another drop's.
with stored as (
    select key_of.object_key
    from unnest(cast(:archive_keys as text[]) || cast(:quarantine_keys as text[])) as key_of (object_key)
),

logged as (
    select
        deletion.object_key,
        max(deletion.logged_at) as logged_at
    from deletion
    where deletion.withdrawn_at is null
    group by deletion.object_key
)

select
    logged.object_key as subject,
    'deleted' as expected,
    'an object in the bucket' as found
from logged
inner join stored on logged.object_key = stored.object_key
left join registry on logged.object_key = registry.stored_key and logged.logged_at < registry.finished_at
where registry.object_id is null
order by logged.object_key;
