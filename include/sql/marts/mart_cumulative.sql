-- mart_cumulative: what each cumulative series said last, up to the week's Sunday.
-- Grain: one row per week, organiser, series (with its since date), measure, period kind and scope.
-- Reads: mart_cumulative of the last earlier week that has one, fact_measure of the week, dimensions.
-- Params: :week_start, :sunday. Rerun: the caller deletes that week first, in the same transaction.
insert into mart_cumulative (
    week_start, union_id, series_key, measure_id, period_kind, scope, since_on, category_id, as_of_on, value, exactness,
    increment, is_restated, activity_key, fact_week_start, place_division_code
)
with last_week as (
    select max(week_start) as week_start
    from mart_cumulative
    where week_start < :week_start
),

-- ytd ends with the year; the other kinds stay until they are said anew
carried as materialized (
    select mart_cumulative.*
    from mart_cumulative
    inner join last_week on mart_cumulative.week_start = last_week.week_start
    where
        mart_cumulative.period_kind <> 'ytd'
        or extract(year from mart_cumulative.as_of_on) = extract(year from cast(:sunday as date))
),

-- a ytd figure of the year before (a week in January holds both) belongs to no sum of this week
fact as materialized (
    select
        dim_union.union_id,
        dim_measure.measure_id,
        fact_measure.period_kind,
        fact_measure.scope,
        dim_category.category_id,
        fact_measure.as_of_on,
        fact_measure.value,
        fact_measure.exactness,
        fact_measure.activity_key,
        fact_measure.week_start,
        dim_division.division_code,
        dim_submission.arrival_order,
        dim_submission.submission_key,
        case
            when fact_measure.period_kind = 'cumulative_since'
                then fact_measure.series_key || coalesce('|since=' || fact_measure.since_on, '')
            else fact_measure.series_key
        end as series_key,
        -- only 累计 has a start of its own
        case when fact_measure.period_kind = 'cumulative_since' then fact_measure.since_on end as since_on
    from fact_measure
    inner join dim_submission on fact_measure.submission_key = dim_submission.submission_key
    inner join dim_union on fact_measure.organizer_union_key = dim_union.union_key
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    inner join dim_category on fact_measure.category_key = dim_category.category_key
    left join dim_division on fact_measure.place_division_key = dim_division.division_key
    where
        fact_measure.week_start = :week_start
        and fact_measure.is_counting
        and fact_measure.period_kind in ('ytd', 'cumulative_since', 'stock')
        and (
            fact_measure.period_kind <> 'ytd'
            or extract(year from fact_measure.as_of_on) = extract(year from cast(:sunday as date))
        )
),

-- two reports with one as-of: the one that came last holds
reported as (
    select distinct on (
        fact.union_id, fact.series_key, fact.measure_id, fact.period_kind, fact.scope, fact.as_of_on
    ) fact.*
    from fact
    order by
        fact.union_id asc,
        fact.series_key asc,
        fact.measure_id asc,
        fact.period_kind asc,
        fact.scope asc,
        fact.as_of_on asc,
        fact.arrival_order desc,
        fact.submission_key desc,
        fact.activity_key desc
),

said as (
    select
        union_id,
        series_key,
        measure_id,
        period_kind,
        scope,
        since_on,
        category_id,
        as_of_on,
        value,
        exactness,
        increment,
        is_restated,
        activity_key,
        fact_week_start,
        place_division_code,
        false as is_new
    from carried
    union all
    select
        union_id,
        series_key,
        measure_id,
        period_kind,
        scope,
        since_on,
        category_id,
        as_of_on,
        value,
        exactness,
        null as increment,
        false as is_restated,
        activity_key,
        week_start as fact_week_start,
        division_code as place_division_code,
        true as is_new
    from reported
),

ranked as (
    select
        said.*,
        lag(said.value) over series as value_before,
        lead(said.as_of_on) over series is null as is_latest
    from said
    window series as (
        partition by said.union_id, said.series_key, said.measure_id, said.period_kind, said.scope
        order by said.as_of_on, said.is_new
    )
)

select
    cast(:week_start as date) as week_start,
    union_id,
    series_key,
    measure_id,
    period_kind,
    scope,
    since_on,
    category_id,
    as_of_on,
    value,
    exactness,
    case when is_new then value - value_before else increment end as increment,
    -- a stock may fall as it likes
    case
        when is_new then coalesce(value < value_before and period_kind <> 'stock', false)
        else is_restated
    end as is_restated,
    activity_key,
    fact_week_start,
    place_division_code
from ranked
where is_latest;
