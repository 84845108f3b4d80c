-- lock_publication: one publication at a time, with no writer of facts and no roll-up beside it.
-- Grain: one row. Reads: nothing. Params: none. Held until the session ends.
-- Of the session, since a transaction that waits for a lock reads the warehouse as it was before it waited. The order
-- of the two is that of the writers of facts: publication first, then roll-up.
select
    pg_advisory_lock(hashtextextended('nuanliu/publication', 0)) as no_other_publication,
    pg_advisory_lock(hashtextextended('nuanliu/rollup', 0)) as no_other_rollup;
