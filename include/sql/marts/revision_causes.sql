-- revision_causes: what some drops did to figures, and whose.
-- Grain: one row per drop and union. Reads: dim_submission, answered_again, fact_activity, dim_union.
-- Params: :object_ids (bigint[]). A union is named when it sent the drop or organised an activity in it.
with arrival as (
    select
        dim_submission.submission_key,
        dim_submission.object_id,
        dim_submission.union_id,
        dim_submission.fact_weeks,
        reason_of_version(
            dim_submission.submission_key, dim_submission.submission_type, dim_submission.object_id
        ) as reason
    from dim_submission
    where dim_submission.object_id = any(cast(:object_ids as bigint[]))
)

select
    arrival.object_id,
    arrival.union_id,
    arrival.reason
from arrival
union
select
    arrival.object_id,
    dim_union.union_id,
    arrival.reason
from arrival
cross join lateral unnest(arrival.fact_weeks) as fact_week (week_start)
inner join fact_activity
    on fact_week.week_start = fact_activity.week_start and arrival.submission_key = fact_activity.submission_key
inner join dim_union on fact_activity.organizer_union_key = dim_union.union_key
order by object_id, union_id, reason;
