-- facts_union: facts of a union are moved to the row of dim_union valid in their week, else the nearest.
-- Grain: one row, how many of both moved. Reads and changes: stored_activity, stored_measure. Reads: dim_union.
-- Params: :union_id, :valid_froms (date[], first days of the rows that are to stay). Rerun: finds none.
-- Nearest as in union_of_week(): the last before, else the first after. No fact is left under a row that goes.
with standing as (
    select
        fact.week_start,
        fact.organizer_union_key
    from stored_activity as fact
    inner join dim_union on fact.organizer_union_key = dim_union.union_key
    where dim_union.union_id = :union_id
    union
    select
        fact.week_start,
        fact.organizer_union_key
    from stored_measure as fact
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
),

moving as materialized (
    select
        week_start,
        organizer_union_key,
        union_key
    from of_week
    where union_key <> organizer_union_key
),

moved_figure as (
    update stored_measure as fact
    set organizer_union_key = moving.union_key
    from moving
    where fact.week_start = moving.week_start and fact.organizer_union_key = moving.organizer_union_key
    returning fact.activity_key
),

moved_activity as (
    update stored_activity as fact
    set organizer_union_key = moving.union_key
    from moving
    where fact.week_start = moving.week_start and fact.organizer_union_key = moving.organizer_union_key
    returning fact.activity_key
)

select
    (select count(*) from moved_activity) as activity_count,
    (select count(*) from moved_figure) as figure_count;
