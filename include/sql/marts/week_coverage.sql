-- week_coverage: what became of each union's report of each of some weeks.
-- Grain: one row per week and union that existed in it and may report. Reads: dim_union, dim_submission, receipt,
-- registry, fact_submission (the counts: a receipt's document is large and compressed).
-- Params: :week_ids, :week_starts (arrays of the same length).
-- A current version decides, whatever followed. Without one the last file that was held or rejected does. Late: the
-- first version came late (a late 更正 of a punctual report is not a late report); without a version, that last file.
with week as (
    select
        week_id,
        week_start
    from unnest(cast(:week_ids as text[]), cast(:week_starts as date[])) as asked (week_id, week_start)
),

unit as (
    select
        week.week_id,
        dim_union.union_id,
        dim_union.union_name,
        dim_union.is_expected_weekly
    from week
    inner join dim_union on week.week_start >= dim_union.valid_from and week.week_start < dim_union.valid_to
    where dim_union.level <> 'province'
),

version_of_week as (
    select
        week_id,
        union_id,
        (
            array_agg(version order by arrival_order desc, object_id desc) filter (where superseded_at is null)
        )[1] as version,
        (
            array_agg(object_id order by arrival_order desc, object_id desc) filter (where superseded_at is null)
        )[1] as object_id,
        (
            array_agg(receipt_no order by arrival_order desc, object_id desc) filter (where superseded_at is null)
        )[1] as receipt_no,
        bool_and(submission_type in ('零报告', '更正零报告')) filter (where superseded_at is null) as is_zero
    from dim_submission
    where week_id = any(:week_ids)
    group by week_id, union_id
),

-- a file that was overtaken came first all the same, though it brought no version
first_file as (
    select distinct on (receipt.filed_week, receipt.union_id)
        receipt.filed_week as week_id,
        receipt.union_id,
        fact_submission.is_late
    from receipt
    inner join registry on receipt.object_id = registry.object_id
    inner join fact_submission on receipt.object_id = fact_submission.object_id
    where
        receipt.filed_week = any(:week_ids)
        and receipt.status in ('accepted', 'accepted_with_warnings', 'partially_accepted')
    order by receipt.filed_week asc, receipt.union_id asc, registry.arrival_order asc, registry.object_id asc
),

open_file as (
    select distinct on (receipt.filed_week, receipt.union_id)
        receipt.filed_week as week_id,
        receipt.union_id,
        receipt.object_id,
        receipt.receipt_no,
        receipt.status,
        fact_submission.is_late
    from receipt
    inner join registry on receipt.object_id = registry.object_id
    left join fact_submission on receipt.object_id = fact_submission.object_id
    where receipt.filed_week = any(:week_ids) and receipt.status in ('held', 'rejected')
    order by receipt.filed_week asc, receipt.union_id asc, registry.arrival_order desc, registry.object_id desc
),

unit_week as (
    select
        unit.week_id,
        unit.union_id,
        unit.union_name,
        unit.is_expected_weekly as is_expected,
        version_of_week.version,
        coalesce(version_of_week.object_id, open_file.object_id) as object_id,
        coalesce(version_of_week.receipt_no, open_file.receipt_no) as receipt_no,
        case
            when version_of_week.is_zero then 'confirmed_zero'
            when version_of_week.version is not null then 'reported'
            when open_file.status = 'held' then 'held'
            when open_file.status = 'rejected' then 'returned'
            else 'missing'
        end as state,
        coalesce(
            case when version_of_week.version is not null then first_file.is_late end, open_file.is_late, false
        ) as is_late
    from unit
    left join version_of_week on unit.week_id = version_of_week.week_id and unit.union_id = version_of_week.union_id
    left join first_file on unit.week_id = first_file.week_id and unit.union_id = first_file.union_id
    left join open_file on unit.week_id = open_file.week_id and unit.union_id = open_file.union_id
)

select
    unit_week.week_id,
    unit_week.union_id,
    unit_week.union_name,
    unit_week.is_expected,
    unit_week.version,
    unit_week.receipt_no,
    unit_week.state,
    unit_week.is_late,
    fact_submission.received_count as received,
    fact_submission.accepted_count as accepted,
    fact_submission.returned_count as returned,
    fact_submission.held_count as held,
    fact_submission.ignored_count as ignored
from unit_week
left join fact_submission on unit_week.object_id = fact_submission.object_id
order by unit_week.week_id, unit_week.union_id;
