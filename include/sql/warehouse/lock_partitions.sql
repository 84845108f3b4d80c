-- lock_partitions: one session at a time makes partitions; held to the end of its transaction.
-- Grain: one row. Reads: nothing. Params: none. Rerun: re-entrant.
select pg_advisory_xact_lock(hashtextextended('nuanliu/partitions', 0)) as locked;
