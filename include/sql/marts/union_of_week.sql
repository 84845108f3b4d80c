-- union_of_week: the unions as they stood in a week, one row each.
-- Grain: one row per union. Reads: dim_union, through the function union_of_week.
-- Params: :week_start (a Monday).
select
    union_id,
    level,
    parent_union_id,
    division_code
from union_of_week(cast(:week_start as date));
