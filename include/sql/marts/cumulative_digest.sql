-- cumulative_digest: one hash of all that a week hands on to the weeks after it.
-- Grain: one row. Reads: mart_cumulative of the week.
-- Params: :week_start.
select
    md5(
        string_agg(
            cast(mart_cumulative as text), chr(10)
            order by union_id, series_key, measure_id, period_kind, scope, activity_key
        )
    ) as digest
from mart_cumulative
where week_start = :week_start;
