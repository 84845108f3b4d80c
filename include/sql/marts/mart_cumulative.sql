-- mart_cumulative: what each cumulative series said last, up to the week's Sunday.
-- Grain: one row per week, activity and measure: a sender's series (with its since date) has one, its explained twins
-- two.
-- Reads: mart_cumulative of the last earlier week that has one, fact_measure of the week, dimensions.
-- Params: :week_start, :sunday, :ended_activity_keys (bigint[]: activities whose series goes on under another name from
-- this week on). Rerun: the caller deletes that week first, in the same transaction.
insert into mart_cumulative (
    week_start, sender_union_id, union_id, series_key, measure_id, period_kind, scope, since_on, category_id, as_of_on,
    value, exactness, increment, is_restated, activity_key, fact_week_start, place_division_code
)
with last_week as (
    select max(week_start) as week_start
    from mart_cumulative
    where week_start < :week_start
),

ended_union as materialized (
    select distinct union_id
    from dim_union
    where has_ended(union_id, cast(:week_start as date))
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
        dim_submission.union_id as sender_union_id,
        -- inclusive figures are those of the 填报单位, whoever organised
        coalesce(inclusive.reporting_union_id, dim_union.union_id) as union_id,
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
        dim_submission.week_start as report_week_start,
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
    left join fact_activity as inclusive
        on
            fact_measure.scope = 'inclusive'
            and fact_measure.week_start = inclusive.week_start
            and fact_measure.activity_key = inclusive.activity_key
    where
        fact_measure.week_start = :week_start
        and fact_measure.is_counting
        and is_carried(fact_measure.period_kind)
        and (
            fact_measure.period_kind <> 'ytd'
            or extract(year from fact_measure.as_of_on) = extract(year from cast(:sunday as date))
        )
),

said as (
    select
        sender_union_id,
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
        -- older than whatever the week itself says
        date '0001-01-01' as report_week_start
    from carried
    union all
    select
        sender_union_id,
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
        report_week_start
    from fact
),

-- two reports with one as-of: that of the later week holds
standing as (
    select
        said.*,
        rank() over (
            partition by
                said.sender_union_id, said.series_key, said.measure_id, said.period_kind, said.scope, said.as_of_on
            order by said.report_week_start desc
        ) as place
    from said
    where
        said.sender_union_id not in (select ended_union.union_id from ended_union)
        and said.union_id not in (select ended_union.union_id from ended_union)
        and not said.activity_key = any(cast(:ended_activity_keys as bigint[]))
),

-- twins that both stand are one figure of their series
point as (
    select
        sender_union_id,
        series_key,
        measure_id,
        period_kind,
        scope,
        as_of_on,
        sum(value) - lag(sum(value)) over series as increment,
        lead(as_of_on) over series is null as is_latest
    from standing
    where place = 1
    group by sender_union_id, series_key, measure_id, period_kind, scope, as_of_on
    window series as (
        partition by sender_union_id, series_key, measure_id, period_kind, scope
        order by as_of_on
    )
)

select
    cast(:week_start as date) as week_start,
    standing.sender_union_id,
    standing.union_id,
    standing.series_key,
    standing.measure_id,
    standing.period_kind,
    standing.scope,
    standing.since_on,
    standing.category_id,
    standing.as_of_on,
    standing.value,
    standing.exactness,
    case when standing.fact_week_start = :week_start then point.increment else standing.increment end as increment,
    -- a stock may fall as it likes
    case
        when standing.fact_week_start = :week_start
            then coalesce(point.increment < 0 and standing.period_kind <> 'stock', false)
        else standing.is_restated
    end as is_restated,
    standing.activity_key,
    standing.fact_week_start,
    standing.place_division_code
from standing
inner join point
    on
        standing.sender_union_id = point.sender_union_id
        and standing.series_key = point.series_key
        and standing.measure_id = point.measure_id
        and standing.period_kind = point.period_kind
        and standing.scope = point.scope
        and standing.as_of_on = point.as_of_on
where point.is_latest and standing.place = 1;
