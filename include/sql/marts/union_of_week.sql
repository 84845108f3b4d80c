-- union_of_week: the unions as they stood in a week, one row each.
-- Grain: one row per union. Reads: dim_union.
-- Params: :week_start (a Monday).
-- A union without a row that is valid on the Monday takes its nearest one (the last before, else the first after), so
-- that every fact has a union; is_valid says which.
select distinct on (union_id)
    union_id,
    union_name,
    level,
    parent_union_id,
    division_code,
    is_expected_weekly,
    (valid_from <= :week_start and valid_to > :week_start) as is_valid
from dim_union
order by
    union_id asc,
    (valid_from <= :week_start and valid_to > :week_start) desc,
    (valid_from <= :week_start) desc,
    abs(valid_from - :week_start) asc;
