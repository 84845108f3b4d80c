-- revision_causes: which reports that came since an instant can have changed the figures of a week, and as what.
-- Grain: one row per union and reason. Reads: dim_submission, answered_again, fact_activity, dim_union.
-- Params: :week_start, :since.
-- A union is named when it sent such a report or organised an activity in it. A first report after publication is a 补报.
-- A file that is answered again has not changed: an engineer let a row of it pass.
with arrival as (
    select
        dim_submission.submission_key,
        dim_submission.union_id,
        dim_submission.fact_weeks,
        case
            when answered_again.object_id is not null then '核实放行'
            when dim_submission.submission_type in ('更正', '更正零报告') then '更正'
            when dim_submission.submission_type = '补充' then '补充'
            when dim_submission.version > 1 then '重报'
            else '补报'
        end as reason
    from dim_submission
    left join answered_again on dim_submission.object_id = answered_again.object_id
    where
        dim_submission.received_at >= :since
        and (dim_submission.week_start <= :week_start or :week_start = any(dim_submission.fact_weeks))
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
