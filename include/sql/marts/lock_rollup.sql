-- lock_rollup: one session at a time rebuilds marts; held to the end of its transaction.
-- Grain: one row. Reads: nothing. Params: none. Rerun: re-entrant.
-- Two weeks rebuilt at once could each miss the other's carried cumulatives.
select pg_advisory_xact_lock(hashtextextended('nuanliu/rollup', 0)) as locked;
