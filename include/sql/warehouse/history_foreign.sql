-- history_foreign: what other unions' current submissions say of given organisers' activities.
-- Grain: one row per activity. Reads: fact_activity, dim_submission, dim_union, dim_category.
-- Params: :union_id (the sender, whose own are left out), :organizer_ids (text[]), :week_starts (date[]; prunes the
-- partitions). reporting_union_id is the union that sent the file.
select
    organizer.union_id as organizer_union_id,
    category.category_id,
    activity.activity_name,
    activity.start_on,
    activity.week_start,
    submission.union_id as reporting_union_id,
    submission.receipt_no,
    activity.natural_key as activity_key
from fact_activity as activity
inner join dim_union as organizer on activity.organizer_union_key = organizer.union_key
inner join dim_submission as submission on activity.submission_key = submission.submission_key
inner join dim_category as category on activity.category_key = category.category_key
where
    activity.week_start = any(cast(:week_starts as date[]))
    and organizer.union_id = any(cast(:organizer_ids as text[]))
    and submission.union_id <> :union_id
    and activity.period_kind <> 'planned';
