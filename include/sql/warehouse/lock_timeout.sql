-- lock_timeout: how long each later statement of this transaction may wait for a lock.
-- Grain: one row. Reads: nothing. Params: :lock_timeout, as PostgreSQL writes durations, 15s.
select set_config('lock_timeout', :lock_timeout, true) as lock_timeout;
