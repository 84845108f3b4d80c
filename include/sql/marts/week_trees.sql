-- week_trees: the unions as they stand in each week that was rolled up, as one hash.
-- Grain: one row per week. Reads: mart_week_coverage (every rebuilt week has rows there), dim_union. Params: none.
-- Names are left out: a figure does not change by them. A union that has ended still has a place, but is not valid.
with week as (
    select distinct week_start
    from mart_week_coverage
)

select
    week.week_start,
    md5(
        string_agg(
            concat_ws(
                '/',
                placed.union_id,
                placed.level,
                coalesce(placed.parent_union_id, '-'),
                placed.division_code,
                dim_union.is_expected_weekly,
                ended.successor_union_id
            ),
            chr(10)
            order by placed.union_id
        )
    ) as digest
from week
cross join lateral union_of_week(week.week_start) as placed
left join dim_union
    on
        placed.union_id = dim_union.union_id
        and week.week_start >= dim_union.valid_from
        and week.week_start < dim_union.valid_to
left join dim_union as ended
    on
        placed.union_id = ended.union_id
        and week.week_start >= ended.valid_to
        and ended.successor_union_id is not null
group by week.week_start
order by week.week_start;
