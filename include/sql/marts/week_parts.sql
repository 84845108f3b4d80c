-- week_parts: what each sender added to the own figures of a week.
-- Grain: one row per sender, organiser, place, category, measure and period kind (of 累计 its start too).
-- Reads: fact_measure, stored_measure of the week, mart_cumulative, mart_week_figure (whether anybody
-- touched the week), dimensions.
-- Params: :week_start (a Monday). Together they are the figures of figure_of_week(), which has no senders.
-- A week that nobody touched hands on what was said last, without the unions that have ended by then.
-- mart_week_figure.sql adds up the same facts by a text of its own, on purpose: it drops the senders before it adds,
-- counts activities and has 含下级. A bridge whose parts, added up here, are not the figure, added up
-- there, is not told, so that the two hold each other.
with last_week as (
    select max(week_start) as week_start
    from mart_cumulative
    where
        week_start = :week_start
        or (
            week_start < :week_start
            and not exists (
                select figure.figure_id
                from mart_week_figure as figure
                where figure.week_start = :week_start
            )
        )
),

ended_union as materialized (
    select distinct union_id
    from dim_union
    where has_ended(union_id, cast(:week_start as date))
),

-- a 专项期间 figure that its sender says again within the week holds as said last; explained twins both hold
campaign_period_fact as (
    select
        fact_measure.submission_key,
        fact_measure.organizer_union_key,
        fact_measure.category_key,
        fact_measure.measure_key,
        fact_measure.scope,
        fact_measure.value,
        fact_measure.exactness,
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
        submission_key,
        organizer_union_key,
        category_key,
        measure_key,
        place_division_key,
        period_kind,
        sum(value_cents) * 0.01 as value,
        bit_or(exactness) as exactness
    from stored_measure
    where week_start = :week_start and period_kind = 'event' and scope = 'own' and is_counting
    group by submission_key, organizer_union_key, category_key, measure_key, place_division_key, period_kind
    union all
    select
        submission_key,
        organizer_union_key,
        category_key,
        measure_key,
        null as place_division_key,
        'campaign' as period_kind,
        sum(value) as value,
        bit_or(exactness) as exactness
    from campaign_period_fact
    where place = 1 and scope = 'own'
    group by submission_key, organizer_union_key, category_key, measure_key
)

select
    dim_submission.union_id as sender_union_id,
    dim_union.union_id,
    dim_division.division_code,
    dim_category.category_id,
    dim_measure.measure_id,
    fact_sum.period_kind,
    cast(null as date) as since_on,
    fact_sum.value,
    fact_sum.exactness
from fact_sum
inner join dim_submission on fact_sum.submission_key = dim_submission.submission_key
inner join dim_union on fact_sum.organizer_union_key = dim_union.union_key
inner join dim_category on fact_sum.category_key = dim_category.category_key
inner join dim_measure on fact_sum.measure_key = dim_measure.measure_key
left join dim_division on fact_sum.place_division_key = dim_division.division_key
union all
select
    mart_cumulative.sender_union_id,
    mart_cumulative.union_id,
    mart_cumulative.place_division_code as division_code,
    mart_cumulative.category_id,
    mart_cumulative.measure_id,
    mart_cumulative.period_kind,
    mart_cumulative.since_on,
    sum(mart_cumulative.value) as value,
    bit_or(mart_cumulative.exactness) as exactness
from mart_cumulative
inner join last_week on mart_cumulative.week_start = last_week.week_start
where
    mart_cumulative.scope = 'own'
    and mart_cumulative.sender_union_id not in (select ended_union.union_id from ended_union)
    and mart_cumulative.union_id not in (select ended_union.union_id from ended_union)
    and (
        mart_cumulative.period_kind <> 'ytd'
        or extract(year from mart_cumulative.as_of_on) = extract(year from cast(:week_start as date) + 6)
    )
group by
    mart_cumulative.sender_union_id,
    mart_cumulative.union_id,
    mart_cumulative.place_division_code,
    mart_cumulative.category_id,
    mart_cumulative.measure_id,
    mart_cumulative.period_kind,
    mart_cumulative.since_on;
