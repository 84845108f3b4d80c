-- fact_activity_union: facts of a union are moved to the row of dim_union that is valid in their week.
-- Grain: one row per fact that stands under another. Reads: fact_activity, dim_union.
-- Params: :union_id, :valid_froms (date[], first days of the rows that are to stay). Rerun: finds none.
update fact_activity as fact
set organizer_union_key = of_week.union_key
from dim_union as of_week, dim_union as other
where
    of_week.union_id = :union_id
    and of_week.valid_from = any(cast(:valid_froms as date[]))
    and other.union_id = of_week.union_id
    and fact.organizer_union_key = other.union_key
    and fact.week_start >= of_week.valid_from
    and fact.week_start < of_week.valid_to
    and other.union_key <> of_week.union_key;
