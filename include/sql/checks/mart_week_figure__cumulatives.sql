-- mart_week_figure__cumulatives: ytd, cumulative_since and stock figures by organiser are sums of mart_cumulative.
-- Grain: one row per figure that differs. Reads: mart_week_figure, mart_cumulative, dim_union.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
with union_at as materialized (
    select
        touched.week_start,
        unit.union_id,
        unit.parent_union_id
    from (
        select distinct mart_cumulative.week_start
        from mart_cumulative
        where mart_cumulative.week_start between :first_week_start and :last_week_start
    ) as touched
    cross join lateral union_of_week(touched.week_start) as unit
),

standing as (
    select
        mart_cumulative.week_start,
        node.union_id,
        mart_cumulative.category_id,
        mart_cumulative.measure_id,
        mart_cumulative.period_kind,
        mart_cumulative.scope,
        mart_cumulative.since_on,
        mart_cumulative.value,
        mart_cumulative.exactness
    from mart_cumulative
    left join union_at as own on mart_cumulative.week_start = own.week_start and mart_cumulative.union_id = own.union_id
    left join union_at as parent
        on mart_cumulative.week_start = parent.week_start and own.parent_union_id = parent.union_id
    cross join
        unnest(array[mart_cumulative.union_id, own.parent_union_id, parent.parent_union_id]) as node (union_id)
    where
        mart_cumulative.week_start between :first_week_start and :last_week_start
        and node.union_id is not null
        and (mart_cumulative.scope = 'own' or node.union_id = mart_cumulative.union_id)
),

summed as (
    select
        week_start,
        union_id,
        measure_id,
        period_kind,
        scope,
        coalesce(category_id, 'all') as category_id,
        coalesce(since_on, date '0001-01-01') as since_on,
        sum(value) as value,
        bit_or(exactness) as exactness,
        count(*) as activity_count
    from standing
    group by
        grouping sets (
            (week_start, union_id, measure_id, period_kind, scope, since_on, category_id),
            (week_start, union_id, measure_id, period_kind, scope, since_on)
        )
),

figure as (
    select
        week_start,
        figure_id,
        union_id,
        measure_id,
        period_kind,
        scope,
        category_id,
        value,
        exactness,
        activity_count,
        coalesce(since_on, date '0001-01-01') as since_on
    from mart_week_figure
    where
        basis = 'organizer' and is_carried(period_kind)
        and week_start between :first_week_start and :last_week_start
)

select
    figure_subject(
        figure.figure_id,
        summed.week_start,
        summed.union_id,
        summed.category_id,
        summed.measure_id,
        summed.period_kind,
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
        and summed.period_kind = figure.period_kind
        and summed.scope = figure.scope
        and summed.since_on = figure.since_on
where
    (summed.value, summed.activity_count, summed.exactness)
    is distinct from (figure.value, figure.activity_count, figure.exactness)
order by subject;
