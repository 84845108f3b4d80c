-- trace_cumulative: the cells that a ytd, cumulative_since or stock figure was added from.
-- Grain: one row per cell. Reads: mart_cumulative of the week, fact_measure, dim_submission, registry, dim_measure,
-- dim_union.
-- Params: :week_start, :measure_id, :period_kind, :scope, :since_on (null but for 累计), :category_id (null for all), and
-- either :union_ids (organisers) or :division_codes with :has_unplaced; :fact_week_starts (date[]: the partitions that
-- the week's cumulative figures were read from); :handed_to (the Monday of the week that is asked about: itself, or a
-- later one that nobody touched, to which nothing is handed of a union that has ended by then, as sender or organiser).
with ended_union as materialized (
    select distinct union_id
    from dim_union
    where has_ended(union_id, cast(:handed_to as date))
),

latest as (
    select
        fact_week_start,
        activity_key,
        measure_id
    from mart_cumulative
    where
        week_start = :week_start
        and measure_id = :measure_id
        and period_kind = :period_kind
        and scope = :scope
        and since_on is not distinct from cast(:since_on as date)
        and (cast(:category_id as text) is null or category_id = :category_id)
        and sender_union_id not in (select ended_union.union_id from ended_union)
        and union_id not in (select ended_union.union_id from ended_union)
        and (
            union_id = any(cast(:union_ids as text[]))
            or place_division_code = any(cast(:division_codes as text[]))
            or (cast(:has_unplaced as boolean) and place_division_code is null)
        )
)

select
    dim_submission.union_id,
    registry.object_key,
    registry.sha256,
    fact_measure.source_sheet,
    fact_measure.source_cell,
    fact_measure.raw_text,
    fact_measure.value,
    fact_measure.exactness
from latest
inner join dim_measure on latest.measure_id = dim_measure.measure_id
inner join fact_measure
    on
        latest.fact_week_start = fact_measure.week_start
        and latest.activity_key = fact_measure.activity_key
        and dim_measure.measure_key = fact_measure.measure_key
        and fact_measure.week_start = any(cast(:fact_week_starts as date[]))
inner join dim_submission on fact_measure.submission_key = dim_submission.submission_key
inner join registry on dim_submission.object_id = registry.object_id
order by
    dim_submission.union_id, registry.object_id, fact_measure.source_sheet, fact_measure.source_row,
    fact_measure.source_cell;
