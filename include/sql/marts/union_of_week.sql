-- union_of_week: the unions as they stood in a week, one row each.
-- Grain: one row per union. Reads: dim_union.
-- Params: :week_start (a Monday).
-- A union without a row that is valid on the Monday takes its nearest one (the last before, else the first after), so
-- that every fact has a union.
select distinct on (union_id)
    union_id,
    level,
    parent_union_id,
    division_code
from dim_union
order by
    union_id asc,
    (valid_from <= :week_start and valid_to > :week_start) desc,
    (valid_from <= :week_start) desc,
    abs(valid_from - :week_start) asc;
