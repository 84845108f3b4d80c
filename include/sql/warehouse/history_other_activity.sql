-- history_other_activity: the activities of given submissions that count in given weeks.
-- Grain: one row per activity. Reads: fact_activity.
-- Params: :submission_keys (bigint[]), :week_starts (date[]; prunes the partitions).
select
    natural_key as activity_key,
    series_key,
    identity_key,
    measures_hash,
    content_hash,
    start_on,
    week_start,
    submission_key,
    end_on is not null as is_dated,
    activity_no is not null as is_numbered,
    -- to whom 含下级 figures belong; those of 本级 belong to the organiser, who stands in the keys
    case when scope = 'inclusive' then reporting_union_id else '' end as owner_id
from fact_activity
where
    submission_key = any(cast(:submission_keys as bigint[]))
    and week_start = any(cast(:week_starts as date[]))
    and is_counting;
