-- lock_counting: which rows of some organisers' activities count stands still for others until this transaction ends.
-- Grain: one row per lock. Reads: dim_submission, fact_activity, dim_union. Rerun: re-entrant.
-- Params: :union_ids (text[]: organisers of the rows that come), :union_id and :week_id (whose current version may go:
-- its rows' organisers are locked too). Taken after the locks of unions, in one order everywhere: a row may come to
-- count again whose sender no lock of the load covers, but never one of another organiser.
with organizer as (
    select given.union_id
    from unnest(cast(:union_ids as text[])) as given (union_id)
    union
    select dim_union.union_id
    from dim_submission as version
    cross join unnest(version.fact_weeks) as fact_week (week_start)
    inner join fact_activity as fact
        on fact_week.week_start = fact.week_start and version.submission_key = fact.submission_key
    inner join dim_union on fact.organizer_union_key = dim_union.union_key
    where version.union_id = :union_id and version.week_id = :week_id and version.superseded_at is null
),

organizer_lock as (
    select distinct hashtextextended('nuanliu/counting/' || organizer.union_id, 0) as lock_key
    from organizer
    order by hashtextextended('nuanliu/counting/' || organizer.union_id, 0)
)

select pg_advisory_xact_lock(organizer_lock.lock_key) as locked
from organizer_lock;
