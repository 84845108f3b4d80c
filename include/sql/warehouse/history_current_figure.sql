-- history_current_figure: the figures of given submissions that count, in hundredths.
-- Grain: one row per activity and measure. Reads: stored_measure, fact_activity, dim_measure.
-- Params: :submission_keys (bigint[]), :first_week, :last_week (prune the partitions).
select
    activity.natural_key as activity_key,
    measure.measure_id,
    figure.value_cents,
    figure.exactness
from stored_measure as figure
inner join fact_activity as activity
    on
        figure.week_start = activity.week_start
        and figure.activity_key = activity.activity_key
        and activity.submission_key = any(cast(:submission_keys as bigint[]))
        and activity.week_start between :first_week and :last_week
inner join dim_measure as measure on figure.measure_key = measure.measure_key
where
    figure.is_counting
    and figure.submission_key = any(cast(:submission_keys as bigint[]))
    and figure.week_start between :first_week and :last_week;
