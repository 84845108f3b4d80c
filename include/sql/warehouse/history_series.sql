-- history_series: what cumulative series say at the as-of nearest before or after given days, in hundredths.
-- Grain: one row per series, day, measure and scope. Reads: stored_measure, dim_measure.
-- Params: :series_keys (text[]) with :days (date[], of the same length), :is_later (boolean: after the day, else before
-- it), :submission_keys (bigint[], those that report on later weeks first), :first_week, :last_week (prune the
-- partitions; a list of many weeks would be slow to plan).
with wanted as (
    select
        asked.day,
        key_bytes(asked.series_key) as series_key
    from unnest(cast(:series_keys as text[]), cast(:days as date[])) as asked (series_key, day)
)

select distinct on (figure.series_key, wanted.day, measure.measure_id, figure.scope)
    wanted.day,
    measure.measure_id,
    figure.scope,
    figure.period_kind,
    figure.since_on,
    figure.as_of_on,
    figure.exactness,
    figure.week_start,
    figure.activity_key,
    figure.submission_key,
    figure.value_cents,
    key_text(figure.series_key) as series_key
from stored_measure as figure
inner join dim_measure as measure on figure.measure_key = measure.measure_key
inner join wanted on figure.series_key = wanted.series_key
where
    figure.submission_key = any(cast(:submission_keys as bigint[]))
    and figure.week_start between :first_week and :last_week
    and (is_carried(figure.period_kind) or figure.period_kind = 'campaign')
    and figure.is_counting
    and figure.as_of_on <> wanted.day
    and (figure.as_of_on > wanted.day) = cast(:is_later as boolean)
order by
    figure.series_key asc,
    wanted.day asc,
    measure.measure_id asc,
    figure.scope asc,
    abs(figure.as_of_on - wanted.day) asc,
    array_position(cast(:submission_keys as bigint[]), figure.submission_key) asc,
    figure.activity_key desc;
