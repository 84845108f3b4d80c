-- moved_activity: activities that count in another object after a replay than before it.
-- Grain: one row per pair of objects. Reads: the real and the shadow's dim_submission and fact_activity. Params: none.
-- Taking over only one object of such a pair would count the activity twice, or not at all.
select distinct
    version.object_id as old_object_id,
    shadow_version.object_id as new_object_id
from public.fact_activity as activity
inner join public.dim_submission as version on activity.submission_key = version.submission_key
inner join replay.fact_activity as shadow_activity
    on
        activity.natural_key = shadow_activity.natural_key
        and activity.week_start = shadow_activity.week_start
        and activity.organizer_union_key = shadow_activity.organizer_union_key
inner join replay.dim_submission as shadow_version
    on shadow_activity.submission_key = shadow_version.submission_key
where
    version.object_id <> shadow_version.object_id
    and activity.is_counting
    and shadow_activity.is_counting;
