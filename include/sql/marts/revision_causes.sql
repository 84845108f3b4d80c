-- revision_causes: which reports that came since an instant can have changed the figures of a week, and as what.
-- Grain: one row per union and reason. Reads: dim_submission, fact_activity, dim_union.
-- Params: :week_start, :since.
-- A union is named when it sent such a report or organised an activity in it. A first report after publication is a 补报.
with arrival as (
    select
        submission_key,
        union_id,
        fact_weeks,
        case
            when submission_type in ('更正', '补充') then submission_type
            when version > 1 then '重报'
            else '补报'
        end as reason
    from dim_submission
    where received_at >= :since and (week_start <= :week_start or :week_start = any(fact_weeks))
)

select
    arrival.union_id,
    arrival.reason
from arrival
union
select
    dim_union.union_id,
    arrival.reason
from arrival
cross join lateral unnest(arrival.fact_weeks) as fact_week (week_start)
inner join fact_activity
    on fact_week.week_start = fact_activity.week_start and arrival.submission_key = fact_activity.submission_key
inner join dim_union on fact_activity.organizer_union_key = dim_union.union_key
order by union_id, reason;
