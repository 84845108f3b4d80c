-- mart_cumulative__facts: every carried value still stands in a fact, and every cumulative fact reached its week.
-- Grain: one row per series of a week that differs. Reads: mart_cumulative, fact_measure, fact_activity,
-- dim_submission, dimensions.
-- Params: :first_week_start, :last_week_start (Mondays, both included), :carried_week_starts (date[]: the partitions
-- that their figures were read from; null: all), :ended_week_starts (date[]) and :ended_activity_keys (bigint[]): the
-- activities whose series goes on under another name, each with the week from which on it does.
with ended as materialized (
    select
        given.week_start,
        given.activity_key
    from unnest(cast(:ended_week_starts as date[]), cast(:ended_activity_keys as bigint[]))
        as given (week_start, activity_key)
),

counted as (
    select
        fact_measure.week_start,
        dim_submission.union_id,
        dim_measure.measure_id,
        fact_measure.period_kind,
        fact_measure.scope,
        fact_measure.as_of_on,
        case
            when fact_measure.period_kind = 'cumulative_since'
                then fact_measure.series_key || coalesce('|since=' || fact_measure.since_on, '')
            else fact_measure.series_key
        end as series_key,
        rank() over (
            partition by
                fact_measure.week_start,
                dim_submission.union_id,
                fact_measure.series_key,
                case when fact_measure.period_kind = 'cumulative_since' then fact_measure.since_on end,
                dim_measure.measure_id,
                fact_measure.period_kind,
                fact_measure.scope
            order by fact_measure.as_of_on desc, dim_submission.week_start desc
        ) as place
    from fact_measure
    inner join dim_submission on fact_measure.submission_key = dim_submission.submission_key
    inner join dim_union on fact_measure.organizer_union_key = dim_union.union_key
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    left join fact_activity as inclusive
        on
            fact_measure.scope = 'inclusive'
            and fact_measure.week_start = inclusive.week_start
            and fact_measure.activity_key = inclusive.activity_key
            and inclusive.week_start between :first_week_start and :last_week_start
    where
        not has_ended(dim_submission.union_id, fact_measure.week_start)
        and not has_ended(coalesce(inclusive.reporting_union_id, dim_union.union_id), fact_measure.week_start)
        and fact_measure.week_start between :first_week_start and :last_week_start
        and fact_measure.is_counting
        and is_carried(fact_measure.period_kind)
        and (fact_measure.week_start, fact_measure.activity_key) not in (
            select
                ended.week_start,
                ended.activity_key
            from ended
        )
        and (
            fact_measure.period_kind <> 'ytd'
            or extract(year from fact_measure.as_of_on) = extract(year from fact_measure.week_start + 6)
        )
),

-- what each series says last in a week; explained twins say it together
cumulative_fact as (
    select
        week_start,
        union_id,
        series_key,
        measure_id,
        period_kind,
        scope,
        as_of_on,
        count(*) as activity_count
    from counted
    where place = 1
    group by week_start, union_id, series_key, measure_id, period_kind, scope, as_of_on
),

-- what the mart says of each series in these weeks and in the last one before them
series as materialized (
    select
        week_start,
        sender_union_id,
        series_key,
        measure_id,
        period_kind,
        scope,
        min(union_id) as union_id,
        max(as_of_on) as as_of_on,
        count(*) as activity_count
    from mart_cumulative
    where
        week_start <= :last_week_start
        and week_start >= coalesce(
            (
                select max(week_before.week_start)
                from mart_cumulative as week_before
                where week_before.week_start < :first_week_start
            ),
            cast(:first_week_start as date)
        )
    group by week_start, sender_union_id, series_key, measure_id, period_kind, scope
),

stale as (
    select
        mart_cumulative.week_start,
        mart_cumulative.union_id,
        mart_cumulative.series_key,
        mart_cumulative.measure_id,
        'the value of a fact that exists' as expected,
        case
            when fact_measure.value is null then 'fact is gone'
            when not fact_measure.is_counting then 'fact does not count'
            when fact_measure.value <> mart_cumulative.value
                then 'fact says ' || fact_measure.value || ', mart ' || mart_cumulative.value
            else 'another union, series, exactness, day, category or place'
        end as found
    from mart_cumulative
    inner join dim_measure on mart_cumulative.measure_id = dim_measure.measure_id
    left join fact_measure
        on
            mart_cumulative.fact_week_start = fact_measure.week_start
            and mart_cumulative.activity_key = fact_measure.activity_key
            and dim_measure.measure_key = fact_measure.measure_key
            and (
                cast(:carried_week_starts as date[]) is null
                or fact_measure.week_start = any(cast(:carried_week_starts as date[]))
            )
    left join dim_submission on fact_measure.submission_key = dim_submission.submission_key
    left join dim_union on fact_measure.organizer_union_key = dim_union.union_key
    left join fact_activity as inclusive
        on
            fact_measure.scope = 'inclusive'
            and fact_measure.week_start = inclusive.week_start
            and fact_measure.activity_key = inclusive.activity_key
            and (
                cast(:carried_week_starts as date[]) is null
                or inclusive.week_start = any(cast(:carried_week_starts as date[]))
            )
    left join dim_category on fact_measure.category_key = dim_category.category_key
    left join dim_division on fact_measure.place_division_key = dim_division.division_key
    where
        mart_cumulative.week_start between :first_week_start and :last_week_start
        and (
            mart_cumulative.value is distinct from fact_measure.value
            or not fact_measure.is_counting
            or mart_cumulative.sender_union_id is distinct from dim_submission.union_id
            or mart_cumulative.union_id is distinct from coalesce(inclusive.reporting_union_id, dim_union.union_id)
            or mart_cumulative.period_kind is distinct from fact_measure.period_kind
            or mart_cumulative.scope is distinct from fact_measure.scope
            or not starts_with(mart_cumulative.series_key, fact_measure.series_key)
            or mart_cumulative.since_on
            is distinct from case when fact_measure.period_kind = 'cumulative_since' then fact_measure.since_on end
            or mart_cumulative.exactness is distinct from fact_measure.exactness
            or mart_cumulative.as_of_on is distinct from fact_measure.as_of_on
            or mart_cumulative.category_id is distinct from dim_category.category_id
            or mart_cumulative.place_division_code is distinct from dim_division.division_code
        )
),

-- a ytd series ends with its year
outlived as (
    select
        week_start,
        union_id,
        series_key,
        measure_id,
        'nothing of the year before' as expected,
        'as of ' || as_of_on as found
    from mart_cumulative
    where
        week_start between :first_week_start and :last_week_start
        and period_kind = 'ytd'
        and extract(year from as_of_on) <> extract(year from week_start + 6)
),

-- a union that ended is carried no further, neither as sender nor as organiser
survived as (
    select
        week_start,
        union_id,
        series_key,
        measure_id,
        'nothing of a union that has ended' as expected,
        'as of ' || as_of_on as found
    from mart_cumulative
    where
        week_start between :first_week_start and :last_week_start
        and (has_ended(sender_union_id, week_start) or has_ended(union_id, week_start))
),

-- a series that goes on under another name is counted under that one only
outlasted as (
    select
        mart_cumulative.week_start,
        mart_cumulative.union_id,
        mart_cumulative.series_key,
        mart_cumulative.measure_id,
        'nothing of a series that goes on under another name' as expected,
        'as of ' || mart_cumulative.as_of_on as found
    from mart_cumulative
    inner join ended
        on mart_cumulative.week_start = ended.week_start and mart_cumulative.activity_key = ended.activity_key
    where mart_cumulative.week_start between :first_week_start and :last_week_start
),

-- in its own week the mart says what the fact says
unseen as (
    select
        cumulative_fact.week_start,
        cumulative_fact.union_id,
        cumulative_fact.series_key,
        cumulative_fact.measure_id,
        cumulative_fact.activity_count || ' as of ' || cumulative_fact.as_of_on as expected,
        coalesce(series.activity_count || ' as of ' || series.as_of_on, 'not in the mart') as found
    from cumulative_fact
    left join series
        on
            cumulative_fact.week_start = series.week_start
            and cumulative_fact.union_id = series.sender_union_id
            and cumulative_fact.series_key = series.series_key
            and cumulative_fact.measure_id = series.measure_id
            and cumulative_fact.period_kind = series.period_kind
            and cumulative_fact.scope = series.scope
    where
        (cumulative_fact.as_of_on, cumulative_fact.activity_count)
        is distinct from (series.as_of_on, series.activity_count)
),

week_pair as (
    select
        here.week_start,
        (
            select max(earlier.week_start)
            from mart_cumulative as earlier
            where earlier.week_start < here.week_start
        ) as week_before
    from (
        select distinct mart_cumulative.week_start
        from mart_cumulative
        where mart_cumulative.week_start between :first_week_start and :last_week_start
    ) as here
),

-- of twins one may go on under another name and the other stay
ended_series as (
    select
        week_pair.week_start,
        earlier.sender_union_id,
        earlier.series_key,
        earlier.measure_id,
        earlier.period_kind,
        earlier.scope,
        count(*) as activity_count
    from ended
    inner join week_pair on ended.week_start = week_pair.week_start
    inner join mart_cumulative as earlier
        on week_pair.week_before = earlier.week_start and ended.activity_key = earlier.activity_key
    group by
        week_pair.week_start,
        earlier.sender_union_id,
        earlier.series_key,
        earlier.measure_id,
        earlier.period_kind,
        earlier.scope
),

-- what a week hands on is in the next one, as it was or said anew
dropped as (
    select
        week_pair.week_start,
        earlier.union_id,
        earlier.series_key,
        earlier.measure_id,
        earlier.activity_count - coalesce(ended_series.activity_count, 0)
        || ' as of '
        || earlier.as_of_on
        || ' or later' as expected,
        coalesce(later.activity_count || ' as of ' || later.as_of_on, 'not in the mart') as found
    from week_pair
    inner join series as earlier on week_pair.week_before = earlier.week_start
    left join series as later
        on
            week_pair.week_start = later.week_start
            and earlier.sender_union_id = later.sender_union_id
            and earlier.series_key = later.series_key
            and earlier.measure_id = later.measure_id
            and earlier.period_kind = later.period_kind
            and earlier.scope = later.scope
    left join ended_series
        on
            week_pair.week_start = ended_series.week_start
            and earlier.sender_union_id = ended_series.sender_union_id
            and earlier.series_key = ended_series.series_key
            and earlier.measure_id = ended_series.measure_id
            and earlier.period_kind = ended_series.period_kind
            and earlier.scope = ended_series.scope
    where
        earlier.activity_count > coalesce(ended_series.activity_count, 0)
        and not has_ended(earlier.sender_union_id, week_pair.week_start)
        and not has_ended(earlier.union_id, week_pair.week_start)
        and (
            coalesce(later.as_of_on < earlier.as_of_on, true)
            or (
                later.as_of_on = earlier.as_of_on
                and later.activity_count <> earlier.activity_count - coalesce(ended_series.activity_count, 0)
            )
        )
        and (
            earlier.period_kind <> 'ytd'
            or extract(year from earlier.as_of_on) = extract(year from week_pair.week_start + 6)
        )
),

offending as (
    select * from stale
    union all
    select * from unseen
    union all
    select * from dropped
    union all
    select * from outlived
    union all
    select * from outlasted
    union all
    select * from survived
)

select
    expected,
    found,
    concat_ws(' ', to_char(week_start, 'IYYY-"W"IW'), union_id, series_key, measure_id) as subject
from offending
order by subject, expected;
