-- fact_activity_union: facts of a union are moved to the row of dim_union valid in their week, else the nearest.
-- Grain: one row per fact that stands under another. Reads: fact_activity, dim_union.
-- Params: :union_id, :valid_froms (date[], first days of the rows that are to stay). Rerun: finds none.
-- Nearest as in union_of_week(): the last before, else the first after. No fact is left under a row that goes.
with standing as (
    select distinct
        fact.week_start,
        fact.organizer_union_key
    from fact_activity as fact
    inner join dim_union on fact.organizer_union_key = dim_union.union_key
    where dim_union.union_id = :union_id
),

of_week as (
    select distinct on (standing.week_start, standing.organizer_union_key)
        standing.week_start,
        standing.organizer_union_key,
        dim_union.union_key
    from standing
    cross join dim_union
    where dim_union.union_id = :union_id and dim_union.valid_from = any(cast(:valid_froms as date[]))
    order by
        standing.week_start asc,
        standing.organizer_union_key asc,
        (standing.week_start >= dim_union.valid_from and standing.week_start < dim_union.valid_to) desc,
        (standing.week_start >= dim_union.valid_from) desc,
        abs(dim_union.valid_from - standing.week_start) asc
)

update fact_activity as fact
set organizer_union_key = of_week.union_key
from of_week
where
    fact.week_start = of_week.week_start
    and fact.organizer_union_key = of_week.organizer_union_key
    and of_week.union_key <> fact.organizer_union_key;
