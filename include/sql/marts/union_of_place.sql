-- union_of_place: the union for which each place counts in a week.
-- Grain: one row per division. Reads: dim_division, dim_union, through the function union_of_place.
-- Params: :week_start (a Monday).
select
    division_code,
    union_id
from union_of_place(cast(:week_start as date))
order by division_code;
