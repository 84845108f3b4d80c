-- lock_replay: one replay at a time; held until the session ends.
-- Grain: one row, whether the lock was free. Reads: nothing. Params: none.
select pg_try_advisory_lock(hashtextextended('nuanliu/replay', 0)) as is_free;
