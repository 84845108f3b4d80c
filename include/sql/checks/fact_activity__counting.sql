-- fact_activity__counting: of the rows that say one activity those of one union count, the organiser's own before any
-- other's; none waits where none counts.
-- Grain: one row per activity that differs. Reads: fact_activity, dim_submission, dim_union.
-- Params: :first_week_start, :last_week_start (Mondays, both included), of the weeks the rows count in; of a cumulative
-- activity with a row in them all rows are looked at, whatever their week.
with here as (
    select distinct identity_key
    from fact_activity
    where week_start between :first_week_start and :last_week_start and identity_key <> ''
),

said as (
    select
        fact.identity_key,
        fact.is_counting,
        version.union_id,
        version.receipt_no,
        fact.activity_name,
        organizer.union_id = version.union_id as is_organizer
    from here
    inner join fact_activity as fact on here.identity_key = fact.identity_key
    inner join dim_submission as version on fact.submission_key = version.submission_key
    inner join dim_union as organizer on fact.organizer_union_key = organizer.union_key
    where
        fact.week_start between :first_week_start and :last_week_start
        or fact.period_kind in ('ytd', 'cumulative_since', 'stock')
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
)

select
    'receipt ' || receipt_no || ' activity ' || activity_name as subject,
    case when has_own then 'rows of the organiser count' else 'rows of one union count' end as expected,
    'rows of ' || counting_unions || ' unions' as found
from together
where counting_unions <> 1 or has_own <> has_own_counting
order by receipt_no, activity_name;
