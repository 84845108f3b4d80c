-- week_clean_since: when the nightly reconcile found each week clean; null: never, or it was touched since.
-- Grain: one row per week, from the first to the last of which the warehouse holds anything, the gaps included.
-- Reads: reconciled_week, receipt, registry, dim_submission, edition, marts, published_figure, the names of the facts'
-- partitions. Params: none.
-- A roll-up takes the note away by itself; a file that was answered since and brought nothing to roll up is asked for
-- here.
with held as (
    select to_date(substring(part.relname from '[0-9]{4}w[0-9]{2}$'), 'IYYY"w"IW') as week_start
    from pg_inherits
    inner join pg_class as part on pg_inherits.inhrelid = part.oid
    where pg_inherits.inhparent = to_regclass('stored_measure')
    union all
    select unnest(array[min(mart_week_figure.week_start), max(mart_week_figure.week_start)]) from mart_week_figure
    union all
    select unnest(array[min(mart_cumulative.week_start), max(mart_cumulative.week_start)]) from mart_cumulative
    union all
    select unnest(array[min(mart_campaign_week.week_start), max(mart_campaign_week.week_start)]) from mart_campaign_week
    union all
    select unnest(array[min(mart_week_coverage.week_start), max(mart_week_coverage.week_start)]) from mart_week_coverage
    union all
    select unnest(array[min(published_figure.week_start), max(published_figure.week_start)]) from published_figure
    union all
    select unnest(array[min(dim_submission.week_start), max(dim_submission.week_start)]) from dim_submission
    union all
    select to_date(unnest(array[min(receipt.filed_week), max(receipt.filed_week)]), 'IYYY-"W"IW') from receipt
    union all
    select to_date(unnest(array[min(edition.week_id), max(edition.week_id)]), 'IYYY-"W"IW') from edition
),

ends as (
    select
        min(held.week_start) as first_start,
        max(held.week_start) as last_start
    from held
),

known as (
    select cast(monday.week_start as date) as week_start
    from ends
    cross join lateral generate_series(ends.first_start, ends.last_start, interval '7 days') as monday (week_start)
),

answered as (
    select
        to_date(receipt.filed_week, 'IYYY-"W"IW') as week_start,
        max(registry.finished_at) as finished_at
    from receipt
    inner join registry on receipt.object_id = registry.object_id
    group by receipt.filed_week
)

select
    known.week_start,
    case when answered.finished_at > reconciled_week.clean_at then null else reconciled_week.clean_at end as clean_at
from known
left join reconciled_week on known.week_start = reconciled_week.week_start
left join answered on known.week_start = answered.week_start
order by known.week_start;
