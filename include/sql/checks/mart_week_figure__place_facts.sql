-- mart_week_figure__place_facts: every figure by place is the sum of what happened there, and no other exists.
-- Grain: one row per figure that differs. Reads: mart_week_figure, mart_cumulative, fact_measure, dimensions.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
-- Written another way than the mart: the levels of places and unions are spelled out.
with recursive leaf as (
    select
        fact_measure.week_start,
        dim_division.division_code,
        dim_category.category_id,
        dim_measure.measure_id,
        fact_measure.period_kind,
        cast(null as date) as since_on,
        fact_measure.value,
        fact_measure.exactness
    from fact_measure
    inner join dim_category on fact_measure.category_key = dim_category.category_key
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    left join dim_division on fact_measure.place_division_key = dim_division.division_key
    where
        fact_measure.period_kind = 'event' and fact_measure.scope = 'own' and fact_measure.is_counting
        and fact_measure.week_start between :first_week_start and :last_week_start
    union all
    select
        week_start,
        place_division_code as division_code,
        category_id,
        measure_id,
        period_kind,
        since_on,
        value,
        exactness
    from mart_cumulative
    where scope = 'own' and week_start between :first_week_start and :last_week_start
),

touched as (
    select distinct leaf.week_start
    from leaf
),

ended_union as (
    select
        union_id,
        max(valid_to) as ended_on,
        max(successor_union_id) as successor_union_id
    from dim_union
    group by union_id
    having max(valid_to) < date '9999-12-31'
),

living_union as materialized (
    select
        touched.week_start,
        unit.union_id,
        unit.division_code
    from touched
    cross join lateral union_of_week(touched.week_start) as unit
    left join ended_union
        on unit.union_id = ended_union.union_id and touched.week_start >= ended_union.ended_on
    where unit.level in ('county', 'special', 'prefecture', 'province') and ended_union.union_id is null
),

-- who lived there last, and from then on whoever took over
successor as (
    select
        touched.week_start,
        unit.division_code,
        unit.union_id
    from touched
    cross join lateral union_of_week(touched.week_start) as unit
    where unit.level in ('county', 'special', 'prefecture', 'province')
    union
    select
        successor.week_start,
        successor.division_code,
        ended_union.successor_union_id as union_id
    from successor
    inner join ended_union
        on successor.union_id = ended_union.union_id and successor.week_start >= ended_union.ended_on
    where ended_union.successor_union_id is not null
),

place_union as (
    select distinct on (successor.week_start, successor.division_code)
        successor.week_start,
        successor.division_code,
        successor.union_id
    from successor
    inner join living_union
        on successor.week_start = living_union.week_start and successor.union_id = living_union.union_id
    order by
        successor.week_start asc,
        successor.division_code asc,
        successor.division_code <> living_union.division_code asc,
        exists (
            select ended_union.union_id
            from ended_union
            inner join living_union as former
                on
                    ended_union.union_id = former.union_id
                    and successor.week_start = former.week_start
                    and successor.division_code = former.division_code
            where ended_union.successor_union_id = successor.union_id
        ) asc,
        successor.union_id asc
),

-- the union of the place, of the place above it, or the province's
placed as (
    select
        leaf.week_start,
        leaf.category_id,
        leaf.measure_id,
        leaf.period_kind,
        leaf.since_on,
        leaf.value,
        leaf.exactness,
        coalesce(here.union_id, above.union_id, '620000') as union_id
    from leaf
    left join dim_division on leaf.division_code = dim_division.division_code
    left join place_union as here
        on leaf.week_start = here.week_start and dim_division.division_code = here.division_code
    left join place_union as above
        on leaf.week_start = above.week_start and dim_division.parent_code = above.division_code
),

union_at as materialized (
    select
        touched.week_start,
        unit.union_id,
        unit.parent_union_id
    from touched
    cross join lateral union_of_week(touched.week_start) as unit
),

standing as (
    select
        placed.week_start,
        node.union_id,
        placed.category_id,
        placed.measure_id,
        placed.period_kind,
        placed.since_on,
        placed.value,
        placed.exactness
    from placed
    left join union_at as own on placed.week_start = own.week_start and placed.union_id = own.union_id
    left join union_at as parent on placed.week_start = parent.week_start and own.parent_union_id = parent.union_id
    cross join
        unnest(array[placed.union_id, own.parent_union_id, parent.parent_union_id]) as node (union_id)
    where node.union_id is not null
),

summed as (
    select
        week_start,
        union_id,
        measure_id,
        period_kind,
        coalesce(category_id, 'all') as category_id,
        coalesce(since_on, date '0001-01-01') as since_on,
        sum(value) as value,
        bit_or(exactness) as exactness,
        count(*) as activity_count
    from standing
    group by
        grouping sets (
            (week_start, union_id, measure_id, period_kind, since_on, category_id),
            (week_start, union_id, measure_id, period_kind, since_on)
        )
),

figure as (
    select
        week_start,
        figure_id,
        union_id,
        measure_id,
        period_kind,
        category_id,
        value,
        exactness,
        activity_count,
        coalesce(since_on, date '0001-01-01') as since_on
    from mart_week_figure
    where basis = 'place' and week_start between :first_week_start and :last_week_start
)

select
    figure_subject(
        figure.figure_id,
        summed.week_start,
        summed.union_id,
        summed.category_id,
        summed.measure_id,
        summed.period_kind,
        'place'
    ) as subject,
    sum_text(summed.value, summed.activity_count, summed.exactness) as expected,
    sum_text(figure.value, figure.activity_count, figure.exactness) as found
from summed
full join figure
    on
        summed.week_start = figure.week_start
        and summed.union_id = figure.union_id
        and summed.category_id = figure.category_id
        and summed.measure_id = figure.measure_id
        and summed.period_kind = figure.period_kind
        and summed.since_on = figure.since_on
where
    (summed.value, summed.activity_count, summed.exactness)
    is distinct from (figure.value, figure.activity_count, figure.exactness)
order by subject;
