-- history_foreign: what other unions' current submissions say of given organisers' activities, as far as it counts.
-- Grain: one row per activity. Reads: fact_activity, dim_submission, dim_union, dim_category.
-- Params: :union_id (the sender, whose own are left out), :organizer_ids (text[]), :week_starts (date[]; prunes the
-- partitions), :identity_keys (text[]: cumulative activities, which are looked for in every week).
-- reporting_union_id is the union that sent the file. Two selects: one condition over both would read every partition.
with said as (
    select
        organizer_union_key,
        category_key,
        submission_key,
        activity_name,
        start_on,
        week_start,
        identity_key,
        period_kind
    from fact_activity
    where
        week_start = any(cast(:week_starts as date[]))
        and not is_carried(period_kind)
        and is_counting
    union all
    select
        organizer_union_key,
        category_key,
        submission_key,
        activity_name,
        start_on,
        week_start,
        identity_key,
        period_kind
    from fact_activity
    where
        identity_key = any(cast(:identity_keys as text[]))
        and is_carried(period_kind)
        and is_counting
)

select
    organizer.union_id as organizer_union_id,
    category.category_id,
    activity.activity_name,
    activity.start_on,
    activity.week_start,
    submission.union_id as reporting_union_id,
    submission.receipt_no,
    activity.identity_key,
    activity.period_kind
from said as activity
inner join dim_union as organizer on activity.organizer_union_key = organizer.union_key
inner join dim_submission as submission on activity.submission_key = submission.submission_key
inner join dim_category as category on activity.category_key = category.category_key
where
    organizer.union_id = any(cast(:organizer_ids as text[]))
    and submission.union_id <> :union_id;
