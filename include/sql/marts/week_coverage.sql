-- week_coverage: what became of each union's report of a week.
-- Grain: one row per union that may report. Reads: dim_union, dim_submission, receipt, registry.
-- Params: :week_start, :week_id.
-- A current version decides, whatever followed. Without one the last file that was held or rejected does. Late: the
-- first version came late (a late 更正 of a punctual report is not a late report); without a version, that last file.
with unit as (
    select
        union_id,
        union_name,
        is_expected_weekly
    from dim_union
    where valid_from <= :week_start and valid_to > :week_start and level <> 'province'
),

unit_version as (
    select
        dim_submission.union_id,
        max(dim_submission.version) filter (where dim_submission.superseded_at is null) as version,
        bool_and(dim_submission.submission_type = '零报告') filter (
            where dim_submission.superseded_at is null
        ) as is_zero,
        (array_agg(dim_submission.is_late order by dim_submission.version asc))[1] as is_late
    from dim_submission
    inner join unit on dim_submission.union_id = unit.union_id
    where dim_submission.week_id = :week_id
    group by dim_submission.union_id
),

current_file as (
    select
        dim_submission.union_id,
        receipt.receipt_no,
        receipt.document -> 'rows' as row_counts
    from unit_version
    inner join dim_submission
        on
            unit_version.union_id = dim_submission.union_id
            and unit_version.version = dim_submission.version
    inner join receipt on dim_submission.receipt_no = receipt.receipt_no
    where dim_submission.week_id = :week_id
),

open_file as (
    select distinct on (receipt.union_id)
        receipt.union_id,
        receipt.receipt_no,
        receipt.status,
        cast(receipt.document ->> 'late' as boolean) as is_late,
        receipt.document -> 'rows' as row_counts
    from receipt
    inner join unit on receipt.union_id = unit.union_id
    inner join registry on receipt.object_id = registry.object_id
    where receipt.filed_week = :week_id and receipt.status in ('held', 'rejected')
    order by receipt.union_id asc, registry.received_at desc, registry.object_id desc
)

select
    unit.union_id,
    unit.union_name,
    unit.is_expected_weekly as is_expected,
    unit_version.version,
    coalesce(current_file.receipt_no, open_file.receipt_no) as receipt_no,
    coalesce(current_file.row_counts, open_file.row_counts) as row_counts,
    case
        when unit_version.is_zero then 'confirmed_zero'
        when unit_version.version is not null then 'reported'
        when open_file.status = 'held' then 'held'
        when open_file.status = 'rejected' then 'returned'
        else 'missing'
    end as state,
    coalesce(unit_version.is_late, open_file.is_late, false) as is_late
from unit
left join unit_version on unit.union_id = unit_version.union_id
left join current_file on unit.union_id = current_file.union_id
left join open_file on unit.union_id = open_file.union_id
order by unit.union_id;
