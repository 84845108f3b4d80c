-- lock_schema: one session at a time migrates; held to the end of its transaction.
-- Grain: one row. Reads: nothing. Params: none. Rerun: re-entrant.
select pg_advisory_xact_lock(hashtextextended('nuanliu/schema', 0)) as locked;
