-- revision_causes: which reports that came since an instant, and whose changes nobody noted yet, can have changed the
-- figures of a week, and as what.
-- Grain: one row per union and reason. Reads: dim_submission, answered_again, figure_change, fact_activity, dim_union.
-- Params: :week_start, :since (when the last edition was published), :seen (the last version that it could know).
-- Both, since the clock may stand still, and a replay gives old versions new keys.
-- For changes that a roll-up finds without knowing the drop, as after an upgrade. A union is named when it sent such a
-- report or organised an activity in it.
with arrival as (
    select
        dim_submission.submission_key,
        dim_submission.union_id,
        dim_submission.fact_weeks,
        reason_of_version(
            dim_submission.submission_key, dim_submission.submission_type, dim_submission.object_id
        ) as reason
    from dim_submission
    where
        dim_submission.received_at >= :since
        and dim_submission.submission_key > :seen
        and (dim_submission.week_start <= :week_start or :week_start = any(dim_submission.fact_weeks))
        and not exists (
            select figure_change.object_id
            from figure_change
            where figure_change.object_id = dim_submission.object_id
        )
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
