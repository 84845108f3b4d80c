-- carrying_unions: the organisers whose cumulative figures an earlier week carries, and whether they end later on.
-- Grain: one row per organiser and fate of its series. Reads: mart_cumulative of the last week up to the earlier one.
-- Params: :week_start, :earlier_start (Mondays).
with last_week as (
    select max(week_start) as week_start
    from mart_cumulative
    where week_start <= :earlier_start
)

select distinct
    mart_cumulative.union_id,
    has_ended(mart_cumulative.union_id, cast(:week_start as date))
    or has_ended(mart_cumulative.sender_union_id, cast(:week_start as date)) as is_over
from mart_cumulative
inner join last_week on mart_cumulative.week_start = last_week.week_start
order by mart_cumulative.union_id, is_over;
