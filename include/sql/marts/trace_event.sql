-- trace_event: the cells that an event or 专项期间 figure was added from.
-- Grain: one row per cell. Reads: fact_measure and fact_activity of the week, dim_submission, registry, dimensions.
-- Params: :week_start, :measure_id, :period_kind, :scope, :category_id (null for all), and either :union_ids (of the
-- organisers; of inclusive figures the 填报单位) or :division_codes with :has_unplaced (activities there, those without a
-- known place too).
-- Of 专项期间 each series of a sender holds as it said it last, whatever category or organiser it then had.
with fact as (
    select
        fact_measure.*,
        rank() over (
            partition by dim_submission.union_id, fact_measure.series_key
            order by fact_measure.as_of_on desc, dim_submission.week_start desc
        ) as place
    from fact_measure
    inner join dim_submission on fact_measure.submission_key = dim_submission.submission_key
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    where
        fact_measure.week_start = :week_start
        and fact_measure.is_counting
        and fact_measure.period_kind = :period_kind
        and fact_measure.scope = :scope
        and dim_measure.measure_id = :measure_id
)

select
    dim_submission.union_id,
    registry.object_key,
    registry.sha256,
    fact.source_sheet,
    fact.source_cell,
    fact.raw_text,
    fact.value,
    fact.exactness
from fact
inner join dim_submission on fact.submission_key = dim_submission.submission_key
inner join registry on dim_submission.object_id = registry.object_id
inner join dim_union on fact.organizer_union_key = dim_union.union_key
inner join dim_category on fact.category_key = dim_category.category_key
left join dim_division on fact.place_division_key = dim_division.division_key
left join fact_activity as inclusive
    on
        fact.scope = 'inclusive'
        and fact.week_start = inclusive.week_start
        and fact.activity_key = inclusive.activity_key
        and inclusive.week_start = :week_start
where
    (fact.place = 1 or :period_kind = 'event')
    and (cast(:category_id as text) is null or dim_category.category_id = :category_id)
    and (
        coalesce(inclusive.reporting_union_id, dim_union.union_id) = any(cast(:union_ids as text[]))
        or dim_division.division_code = any(cast(:division_codes as text[]))
        or (cast(:has_unplaced as boolean) and dim_division.division_code is null)
    )
order by dim_submission.union_id, registry.object_id, fact.source_sheet, fact.source_row, fact.source_cell;
