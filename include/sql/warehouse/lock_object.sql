-- lock_object: wait until no other session answers the object; held until unlock_object or the session's end.
-- Grain: none. Params: :object_id (of the registry).
select pg_advisory_lock(hashtext('nuanliu.object'), cast(:object_id as integer));
