-- lock_unions: what these unions report stands still for others until this transaction ends.
-- Grain: one row per lock. Reads: nothing. Params: :union_ids (text[]). Rerun: re-entrant.
-- The locks are taken in one order everywhere, so that two drops that name the same unions cannot block each other.
with union_lock as (
    select distinct hashtextextended('nuanliu/union/' || given.union_id, 0) as lock_key
    from unnest(cast(:union_ids as text[])) as given (union_id)
    order by hashtextextended('nuanliu/union/' || given.union_id, 0)
)

select pg_advisory_xact_lock(union_lock.lock_key) as locked
from union_lock;
