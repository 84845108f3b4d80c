-- lock_counting: one session at a time settles which facts count; held to the end of its transaction.
-- Grain: one row. Reads: nothing. Params: none. Rerun: re-entrant.
-- Taken after all other locks of a load: a row may come to count again whose union no lock of that load covers.
select pg_advisory_xact_lock(hashtextextended('nuanliu/counting', 0)) as locked;
