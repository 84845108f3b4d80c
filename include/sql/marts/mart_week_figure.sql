-- mart_week_figure: every figure of a week, for every union that has it, by organiser and by place.
-- Grain: one row per figure id (contract §4). Reads: fact_measure (its sums in whole hundredths: stored_measure) and
-- mart_cumulative of the week, dimensions.
-- Params: :week_start, :week_id. Rerun: the caller deletes that week first, in the same transaction.
-- Exactness: 0 exact, 1 over, 2 under, 3 approx; so bit_or is the algebra of the contract (over+under = approx).
insert into mart_week_figure (
    week_start, figure_id, union_id, level, basis, category_id, measure_id, period_kind, scope, since_on, value,
    exactness, activity_count
)
with union_of_week as materialized (
    select
        union_id,
        level
    from union_of_week(cast(:week_start as date))
),

-- each union with itself and everyone above it
lineage as materialized (
    select
        union_id,
        node_id
    from lineage_of_week(cast(:week_start as date))
),

place_union as materialized (
    select
        division_code,
        union_id
    from union_of_place(cast(:week_start as date))
),

-- a 专项期间 figure that its sender says again within the week holds as said last; explained twins both hold
campaign_period_fact as (
    select
        fact_measure.organizer_union_key,
        fact_measure.category_key,
        fact_measure.measure_key,
        fact_measure.scope,
        fact_measure.value,
        fact_measure.exactness,
        fact_measure.activity_key,
        rank() over (
            partition by dim_submission.union_id, fact_measure.series_key, fact_measure.measure_key, fact_measure.scope
            order by fact_measure.as_of_on desc, dim_submission.week_start desc
        ) as place
    from fact_measure
    inner join dim_submission on fact_measure.submission_key = dim_submission.submission_key
    where
        fact_measure.week_start = :week_start
        and fact_measure.period_kind = 'campaign'
        and fact_measure.is_counting
),

fact_sum as materialized (
    select
        organizer_union_key,
        category_key,
        measure_key,
        place_division_key,
        period_kind,
        scope,
        sum(value_cents) * 0.01 as value,
        bit_or(exactness) as exactness,
        count(*) as activity_count
    from stored_measure
    where week_start = :week_start and period_kind = 'event' and scope = 'own' and is_counting
    group by organizer_union_key, category_key, measure_key, place_division_key, period_kind, scope
    union all
    select
        organizer_union_key,
        category_key,
        measure_key,
        null as place_division_key,
        'campaign' as period_kind,
        scope,
        sum(value) as value,
        bit_or(exactness) as exactness,
        count(*) as activity_count
    from campaign_period_fact
    where place = 1 and scope = 'own'
    group by organizer_union_key, category_key, measure_key, scope
),

-- inclusive figures are those of the 填报单位, whoever organised
inclusive_fact as (
    select
        activity_key,
        category_key,
        measure_key,
        'event' as period_kind,
        value,
        exactness
    from fact_measure
    where week_start = :week_start and period_kind = 'event' and scope = 'inclusive' and is_counting
    union all
    select
        activity_key,
        category_key,
        measure_key,
        'campaign' as period_kind,
        value,
        exactness
    from campaign_period_fact
    where place = 1 and scope = 'inclusive'
),

leaf as materialized (
    select
        dim_union.union_id,
        place_union.union_id as place_union_id,
        dim_category.category_id,
        dim_measure.measure_id,
        fact_sum.period_kind,
        fact_sum.scope,
        cast(null as date) as since_on,
        fact_sum.value,
        fact_sum.exactness,
        fact_sum.activity_count
    from fact_sum
    inner join dim_union on fact_sum.organizer_union_key = dim_union.union_key
    inner join dim_category on fact_sum.category_key = dim_category.category_key
    inner join dim_measure on fact_sum.measure_key = dim_measure.measure_key
    left join dim_division on fact_sum.place_division_key = dim_division.division_key
    left join place_union on dim_division.division_code = place_union.division_code
    union all
    select
        fact_activity.reporting_union_id as union_id,
        null as place_union_id,
        dim_category.category_id,
        dim_measure.measure_id,
        inclusive_fact.period_kind,
        'inclusive' as scope,
        cast(null as date) as since_on,
        inclusive_fact.value,
        inclusive_fact.exactness,
        1 as activity_count
    from inclusive_fact
    inner join fact_activity
        on fact_activity.week_start = :week_start and inclusive_fact.activity_key = fact_activity.activity_key
    inner join dim_category on inclusive_fact.category_key = dim_category.category_key
    inner join dim_measure on inclusive_fact.measure_key = dim_measure.measure_key
    union all
    select
        mart_cumulative.union_id,
        place_union.union_id as place_union_id,
        mart_cumulative.category_id,
        mart_cumulative.measure_id,
        mart_cumulative.period_kind,
        mart_cumulative.scope,
        mart_cumulative.since_on,
        mart_cumulative.value,
        mart_cumulative.exactness,
        1 as activity_count
    from mart_cumulative
    left join place_union on mart_cumulative.place_division_code = place_union.division_code
    where mart_cumulative.week_start = :week_start
),

-- only own figures go up the tree; inclusive and 专项期间 figures stay with their union
standing as (
    select
        lineage.node_id,
        'organizer' as basis,
        leaf.category_id,
        leaf.measure_id,
        leaf.period_kind,
        leaf.scope,
        leaf.since_on,
        leaf.value,
        leaf.exactness,
        leaf.activity_count
    from leaf
    inner join lineage
        on
            leaf.union_id = lineage.union_id
            and (leaf.union_id = lineage.node_id or (leaf.scope = 'own' and leaf.period_kind <> 'campaign'))
    union all
    select
        lineage.node_id,
        'place' as basis,
        leaf.category_id,
        leaf.measure_id,
        leaf.period_kind,
        leaf.scope,
        leaf.since_on,
        leaf.value,
        leaf.exactness,
        leaf.activity_count
    from leaf
    inner join union_of_week as province on province.level = 'province'
    inner join lineage on coalesce(leaf.place_union_id, province.union_id) = lineage.union_id
    where leaf.scope = 'own' and leaf.period_kind <> 'campaign'
),

figure as (
    select
        node_id,
        basis,
        measure_id,
        period_kind,
        scope,
        since_on,
        case when grouping(category_id) = 1 then 'all' else category_id end as category_id,
        sum(value) as value,
        bit_or(exactness) as exactness,
        sum(activity_count) as activity_count
    from standing
    group by
        grouping sets (
            (node_id, basis, measure_id, period_kind, scope, since_on, category_id),
            (node_id, basis, measure_id, period_kind, scope, since_on)
        )
)

select
    cast(:week_start as date) as week_start,
    concat_ws(
        '/',
        cast(:week_id as text),
        figure.node_id,
        figure.category_id,
        figure.measure_id,
        figure.period_kind,
        'since=' || figure.since_on,
        case when figure.basis = 'place' then 'place' end,
        case when figure.scope = 'inclusive' then 'inclusive' end
    ) as figure_id,
    figure.node_id as union_id,
    union_of_week.level,
    figure.basis,
    figure.category_id,
    figure.measure_id,
    figure.period_kind,
    figure.scope,
    figure.since_on,
    figure.value,
    figure.exactness,
    figure.activity_count
from figure
inner join union_of_week on figure.node_id = union_of_week.union_id;
