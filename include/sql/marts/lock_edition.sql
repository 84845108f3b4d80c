-- lock_edition: one session at a time publishes a week; held to the end of its transaction.
-- Grain: one row. Reads: nothing. Params: :week_id. Rerun: re-entrant.
select pg_advisory_xact_lock(hashtextextended('nuanliu/edition/' || :week_id, 0)) as locked;
