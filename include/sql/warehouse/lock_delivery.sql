-- lock_delivery: one session at a time sends mails, so that a mail found 'sending' belongs to a dead one.
-- Grain: one row, whether the lock was free. Reads: nothing. Params: none.
-- Held until unlock_delivery or the session's end.
select pg_try_advisory_lock(hashtextextended('nuanliu/delivery', 0)) as is_free;
