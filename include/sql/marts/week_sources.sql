-- week_sources: the cells that all figures of a week were added from, each with what makes it part of which figure.
-- Grain: one row per cell. When there are too many, the cells of the longest files that are alike but for their row are
-- one row: cell_count of them, in the rows first_row to last_row, with their sum.
-- Reads: fact_measure and fact_activity of the week, mart_cumulative of the week and the facts it was read from,
-- dim_submission, registry, dimensions.
-- Params: :week_start, :fact_week_starts (date[]: the partitions that the week's cumulative figures were read from),
-- :most (so many cells are told one by one, those of the shortest files first).
-- Of 专项期间 each series of a sender holds as it said it last, whatever category or organiser it then had.
with said_in_week as (
    select
        fact_measure.*,
        rank() over (
            partition by
                dim_submission.union_id, fact_measure.series_key, fact_measure.measure_key, fact_measure.scope,
                fact_measure.period_kind
            order by fact_measure.as_of_on desc, dim_submission.week_start desc
        ) as place
    from fact_measure
    inner join dim_submission on fact_measure.submission_key = dim_submission.submission_key
    where
        fact_measure.week_start = :week_start
        and fact_measure.is_counting
        and fact_measure.period_kind = 'campaign'
),

counted as (
    select
        said_in_week.activity_key,
        said_in_week.measure_key,
        said_in_week.submission_key,
        said_in_week.organizer_union_key,
        said_in_week.category_key,
        said_in_week.place_division_key,
        said_in_week.period_kind,
        said_in_week.scope,
        said_in_week.source_sheet,
        said_in_week.source_row,
        said_in_week.source_cell,
        said_in_week.raw_text,
        said_in_week.value,
        said_in_week.exactness
    from said_in_week
    where said_in_week.place = 1
    union all
    select
        fact_measure.activity_key,
        fact_measure.measure_key,
        fact_measure.submission_key,
        fact_measure.organizer_union_key,
        fact_measure.category_key,
        fact_measure.place_division_key,
        fact_measure.period_kind,
        fact_measure.scope,
        fact_measure.source_sheet,
        fact_measure.source_row,
        fact_measure.source_cell,
        fact_measure.raw_text,
        fact_measure.value,
        fact_measure.exactness
    from fact_measure
    where
        fact_measure.week_start = :week_start
        and fact_measure.is_counting
        and fact_measure.period_kind = 'event'
),

cell as (
    select
        counted.activity_key,
        counted.submission_key,
        counted.period_kind,
        counted.scope,
        cast(null as date) as since_on,
        counted.source_sheet,
        counted.source_row,
        counted.source_cell,
        counted.raw_text,
        counted.value,
        counted.exactness,
        dim_category.category_id,
        dim_measure.measure_id,
        dim_division.division_code,
        fact_activity.natural_key,
        -- inclusive figures are those of the 填报单位, whoever organised
        case
            when counted.scope = 'inclusive' then fact_activity.reporting_union_id
            else dim_union.union_id
        end as union_id
    from counted
    inner join fact_activity
        on fact_activity.week_start = :week_start and counted.activity_key = fact_activity.activity_key
    inner join dim_union on counted.organizer_union_key = dim_union.union_key
    inner join dim_category on counted.category_key = dim_category.category_key
    inner join dim_measure on counted.measure_key = dim_measure.measure_key
    left join dim_division on counted.place_division_key = dim_division.division_key
    union all
    select
        fact_measure.activity_key,
        fact_measure.submission_key,
        latest.period_kind,
        latest.scope,
        latest.since_on,
        fact_measure.source_sheet,
        fact_measure.source_row,
        fact_measure.source_cell,
        fact_measure.raw_text,
        fact_measure.value,
        fact_measure.exactness,
        latest.category_id,
        latest.measure_id,
        latest.place_division_code as division_code,
        cast(null as text) as natural_key,
        latest.union_id
    from mart_cumulative as latest
    inner join dim_measure on latest.measure_id = dim_measure.measure_id
    inner join fact_measure
        on
            latest.fact_week_start = fact_measure.week_start
            and latest.activity_key = fact_measure.activity_key
            and dim_measure.measure_key = fact_measure.measure_key
            and fact_measure.week_start = any(cast(:fact_week_starts as date[]))
    where latest.week_start = :week_start
),

file_length as (
    select
        submission_key,
        count(*) as cell_count
    from cell
    group by submission_key
),

told_file as (
    select
        submission_key,
        sum(cell_count) over (order by cell_count, submission_key) <= :most as is_told_by_cell
    from file_length
)

select
    dim_submission.union_id as sender_union_id,
    cell.union_id,
    cell.category_id,
    cell.measure_id,
    cell.period_kind,
    cell.scope,
    cell.since_on,
    cell.division_code,
    registry.object_key,
    registry.sha256,
    cell.source_sheet,
    count(*) as cell_count,
    min(cell.source_row) as first_row,
    max(cell.source_row) as last_row,
    min(cell.source_cell) as source_cell,
    min(cell.raw_text) as raw_text,
    sum(cell.value) as value,
    bit_or(cell.exactness) as exactness,
    min(cell.natural_key) as natural_key
from cell
inner join told_file on cell.submission_key = told_file.submission_key
inner join dim_submission on cell.submission_key = dim_submission.submission_key
inner join registry on dim_submission.object_id = registry.object_id
group by
    dim_submission.union_id,
    cell.union_id,
    cell.category_id,
    cell.measure_id,
    cell.period_kind,
    cell.scope,
    cell.since_on,
    cell.division_code,
    registry.object_id,
    registry.object_key,
    registry.sha256,
    cell.source_sheet,
    case when told_file.is_told_by_cell then cell.activity_key end
order by
    cell.measure_id,
    cell.period_kind,
    cell.scope,
    cell.since_on,
    cell.union_id,
    cell.category_id,
    dim_submission.union_id,
    registry.object_id,
    cell.source_sheet,
    first_row,
    source_cell,
    cell.division_code;
