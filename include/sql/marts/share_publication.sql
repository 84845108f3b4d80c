-- share_publication: keep publications waiting until this transaction ends; writers of facts do not wait for others.
-- Grain: one row. Reads: nothing. Params: none. Rerun: re-entrant.
select pg_advisory_xact_lock_shared(hashtextextended('nuanliu/publication', 0)) as locked;
