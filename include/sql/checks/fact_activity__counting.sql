-- fact_activity__counting: of the rows that say one activity those of one union count, the organiser's own before any
-- other's; of that union's events of one key those of one submission; none waits where none counts.
-- Grain: one row per activity that differs. Reads: fact_activity, dim_submission, dim_union.
-- Params: :first_week_start, :last_week_start (Mondays, both included), of the weeks the rows count in;
-- :cumulative_week_starts (date[]: of a cumulative activity with a row in them the rows of these weeks are looked at;
-- null: of all).
with here as (
    select distinct identity_key
    from fact_activity
    where week_start between :first_week_start and :last_week_start and identity_key <> ''
),

-- two halves, so that events are read in their own partitions only
together_with as (
    select fact.*
    from fact_activity as fact
    where
        fact.week_start between :first_week_start and :last_week_start
        and fact.identity_key <> ''
        and not is_carried(fact.period_kind)
    union all
    select fact.*
    from here
    inner join fact_activity as fact on here.identity_key = fact.identity_key
    where
        is_carried(fact.period_kind)
        and (
            cast(:cumulative_week_starts as date[]) is null
            or fact.week_start = any(cast(:cumulative_week_starts as date[]))
        )
),

said as (
    select
        fact.identity_key,
        fact.natural_key,
        fact.submission_key,
        fact.period_kind,
        fact.is_counting,
        version.union_id,
        version.receipt_no,
        fact.activity_name,
        organizer.union_id = version.union_id as is_organizer
    from together_with as fact
    inner join dim_submission as version on fact.submission_key = version.submission_key
    inner join dim_union as organizer on fact.organizer_union_key = organizer.union_key
),

together as (
    select
        identity_key,
        min(activity_name) as activity_name,
        min(receipt_no) as receipt_no,
        bool_or(is_organizer) as has_own,
        bool_or(is_organizer and is_counting) as has_own_counting,
        count(distinct union_id) filter (where is_counting) as counting_unions
    from said
    group by identity_key
),

-- of one union's events of one key the rows of one submission count
of_key as (
    select
        said.natural_key,
        min(said.activity_name) as activity_name,
        min(said.receipt_no) as receipt_no,
        count(distinct said.submission_key) filter (where said.is_counting) as counting_submissions
    from said
    inner join together on said.identity_key = together.identity_key and together.counting_unions = 1
    where
        said.period_kind = 'event'
        and exists (
            select true
            from said as counted
            where
                counted.identity_key = said.identity_key and counted.union_id = said.union_id and counted.is_counting
        )
    group by said.identity_key, said.union_id, said.natural_key
),

offending as (
    select
        activity_name,
        receipt_no,
        case when has_own then 'rows of the organiser count' else 'rows of one union count' end as expected,
        'rows of ' || counting_unions || ' unions' as found
    from together
    where counting_unions <> 1 or has_own <> has_own_counting
    union all
    select
        activity_name,
        receipt_no,
        'rows of one submission count' as expected,
        'rows of ' || counting_submissions || ' submissions' as found
    from of_key
    where counting_submissions <> 1
)

select
    expected,
    found,
    'receipt ' || receipt_no || ' activity ' || activity_name as subject
from offending
order by receipt_no, activity_name;
