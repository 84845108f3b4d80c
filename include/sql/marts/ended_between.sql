-- ended_between: the unions that exist in one of two weeks only, having ended by the other.
-- Grain: one row per union. Reads: dim_union. Params: :week_start, :other_start (Mondays).
select distinct union_id
from dim_union
where has_ended(union_id, cast(:week_start as date)) <> has_ended(union_id, cast(:other_start as date))
order by union_id;
