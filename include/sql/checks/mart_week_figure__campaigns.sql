-- mart_week_figure__campaigns: every 专项期间 figure is the sum of what was said last of each series in the week.
-- Grain: one row per figure that differs. Reads: mart_week_figure, fact_measure, dim_submission, dimensions.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
with said as (
    select
        fact_measure.week_start,
        dim_measure.measure_id,
        fact_measure.scope,
        dim_category.category_id,
        fact_measure.value,
        fact_measure.exactness,
        coalesce(inclusive.reporting_union_id, dim_union.union_id) as union_id,
        rank() over (
            partition by
                fact_measure.week_start,
                dim_submission.union_id,
                fact_measure.series_key,
                dim_measure.measure_id,
                fact_measure.scope
            order by fact_measure.as_of_on desc, dim_submission.week_start desc
        ) as place
    from fact_measure
    inner join dim_submission on fact_measure.submission_key = dim_submission.submission_key
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
        fact_measure.period_kind = 'campaign'
        and fact_measure.is_counting
        and fact_measure.week_start between :first_week_start and :last_week_start
),

summed as (
    select
        week_start,
        union_id,
        measure_id,
        scope,
        coalesce(category_id, 'all') as category_id,
        sum(value) as value,
        bit_or(exactness) as exactness,
        count(*) as activity_count
    from said
    where place = 1
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
        exactness,
        activity_count
    from mart_week_figure
    where period_kind = 'campaign' and week_start between :first_week_start and :last_week_start
)

select
    figure_subject(
        figure.figure_id,
        summed.week_start,
        summed.union_id,
        summed.category_id,
        summed.measure_id,
        'campaign',
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
