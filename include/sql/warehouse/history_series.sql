-- history_series: the latest figure of cumulative series up to a day, in hundredths.
-- Grain: one row per series, measure and scope. Reads: fact_measure, dim_measure, dim_submission.
-- Params: :series_keys (text[]), :until (date), :submission_keys (bigint[]), :first_week, :last_week (prune the
-- partitions; a list of many weeks would be slow to plan).
select distinct on (figure.series_key, measure.measure_id, figure.scope)
    figure.series_key,
    measure.measure_id,
    figure.scope,
    figure.period_kind,
    figure.since_on,
    figure.as_of_on,
    figure.exactness,
    figure.week_start,
    figure.activity_key,
    cast(figure.value * 100 as bigint) as value_cents
from fact_measure as figure
inner join dim_measure as measure on figure.measure_key = measure.measure_key
inner join dim_submission as submission on figure.submission_key = submission.submission_key
where
    figure.submission_key = any(cast(:submission_keys as bigint[]))
    and figure.week_start between :first_week and :last_week
    and figure.series_key = any(cast(:series_keys as text[]))
    and figure.period_kind in ('ytd', 'cumulative_since', 'stock', 'campaign')
    and figure.as_of_on <= :until
    and figure.is_counting
order by
    figure.series_key asc,
    measure.measure_id asc,
    figure.scope asc,
    figure.as_of_on desc,
    submission.arrival_order desc,
    figure.submission_key desc;
