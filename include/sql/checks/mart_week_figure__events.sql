-- mart_week_figure__events: every event figure by organiser is the sum of its facts, and no other exists.
-- Grain: one row per figure that differs. Reads: mart_week_figure, fact_measure, dimensions.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
-- Written another way than the mart (three levels spelled out, kinds of exactness counted), so that one slip is seen.
with organizer as (
    select
        fact_measure.week_start,
        dim_category.category_id,
        dim_measure.measure_id,
        fact_measure.scope,
        coalesce(inclusive.reporting_union_id, dim_union.union_id) as union_id,
        sum(fact_measure.value) as value,
        count(*) as activity_count,
        count(*) filter (where fact_measure.exactness = 1) as over_count,
        count(*) filter (where fact_measure.exactness = 2) as under_count,
        count(*) filter (where fact_measure.exactness = 3) as approx_count
    from fact_measure
    inner join dim_union on fact_measure.organizer_union_key = dim_union.union_key
    inner join dim_category on fact_measure.category_key = dim_category.category_key
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    left join fact_activity as inclusive
        on
            fact_measure.scope = 'inclusive'
            and fact_measure.week_start = inclusive.week_start
            and fact_measure.activity_key = inclusive.activity_key
            and inclusive.week_start between :first_week_start and :last_week_start
    where
        fact_measure.period_kind = 'event'
        and fact_measure.is_counting
        and fact_measure.week_start between :first_week_start and :last_week_start
    group by
        fact_measure.week_start,
        coalesce(inclusive.reporting_union_id, dim_union.union_id),
        dim_category.category_id,
        dim_measure.measure_id,
        fact_measure.scope
),

-- where each union stands in its week, those that have ended too
union_at as materialized (
    select
        touched.week_start,
        unit.union_id,
        unit.parent_union_id
    from (select distinct organizer.week_start from organizer) as touched
    cross join lateral union_of_week(touched.week_start) as unit
),

-- the organiser, its parent and the parent's parent, as they stood in the week; inclusive figures stay with the first
standing as (
    select
        organizer.week_start,
        node.union_id,
        organizer.category_id,
        organizer.measure_id,
        organizer.scope,
        organizer.value,
        organizer.activity_count,
        organizer.over_count,
        organizer.under_count,
        organizer.approx_count
    from organizer
    left join union_at as own on organizer.week_start = own.week_start and organizer.union_id = own.union_id
    left join union_at as parent on organizer.week_start = parent.week_start and own.parent_union_id = parent.union_id
    cross join
        unnest(array[organizer.union_id, own.parent_union_id, parent.parent_union_id]) as node (union_id)
    where node.union_id is not null and (organizer.scope = 'own' or node.union_id = organizer.union_id)
),

summed as (
    select
        week_start,
        union_id,
        measure_id,
        scope,
        coalesce(category_id, 'all') as category_id,
        sum(value) as value,
        sum(activity_count) as activity_count,
        case
            when sum(approx_count) > 0 or (sum(over_count) > 0 and sum(under_count) > 0) then 3
            when sum(over_count) > 0 then 1
            when sum(under_count) > 0 then 2
            else 0
        end as exactness
    from standing
    group by
        grouping sets (
            (week_start, union_id, measure_id, scope, category_id), (week_start, union_id, measure_id, scope)
        )
),

figure as (
    select
        week_start,
        figure_id,
        union_id,
        measure_id,
        scope,
        category_id,
        value,
        activity_count,
        exactness
    from mart_week_figure
    where
        basis = 'organizer' and period_kind = 'event'
        and week_start between :first_week_start and :last_week_start
)

select
    figure_subject(
        figure.figure_id,
        summed.week_start,
        summed.union_id,
        summed.category_id,
        summed.measure_id,
        'event',
        summed.scope
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
        and summed.scope = figure.scope
where
    (summed.value, summed.activity_count, summed.exactness)
    is distinct from (figure.value, figure.activity_count, figure.exactness)
order by subject;
