-- history_series: the latest figure of cumulative series up to a day, in hundredths.
-- Grain: one row per series, measure and scope. Reads: fact_measure, fact_activity, dim_measure.
-- Params: :series_keys (text[]), :until (date), :submission_keys (bigint[]), :week_starts (date[]; prunes the
-- partitions).
select distinct on (figure.series_key, measure.measure_id, figure.scope)
    figure.series_key,
    measure.measure_id,
    figure.scope,
    figure.period_kind,
    figure.since_on,
    figure.as_of_on,
    cast(figure.value * 100 as bigint) as value_cents,
    figure.exactness,
    activity.explanation
from fact_measure as figure
inner join fact_activity as activity
    on
        figure.week_start = activity.week_start
        and figure.activity_key = activity.activity_key
        and activity.week_start = any(cast(:week_starts as date[]))
        and activity.submission_key = any(cast(:submission_keys as bigint[]))
inner join dim_measure as measure on figure.measure_key = measure.measure_key
where
    figure.submission_key = any(cast(:submission_keys as bigint[]))
    and figure.week_start = any(cast(:week_starts as date[]))
    and figure.series_key = any(cast(:series_keys as text[]))
    and figure.period_kind in ('ytd', 'cumulative_since', 'stock')
    and figure.as_of_on <= :until
order by
    figure.series_key asc,
    measure.measure_id asc,
    figure.scope asc,
    figure.as_of_on desc,
    figure.submission_key desc;
