-- unlock_object: let the next session answer the object.
-- Grain: none. Params: :object_id (of the registry).
select pg_advisory_unlock(hashtext('nuanliu.object'), cast(:object_id as integer));
