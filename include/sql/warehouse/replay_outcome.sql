-- replay_outcome: what became of every answered object, its facts included as one number.
-- Grain: one row per receipt. Reads: receipt, finding, held_row, handed_over, fact_submission, dim_submission, facts,
-- bridges.
-- Params: :kept_ids (bigint[]: objects that are not asked about).
-- Run over the real tables and over the shadow: equal digests mean equal contents, whatever the surrogate keys are.
-- Times at which work was done, and the weeks to roll up, are no contents.
with asked as materialized (
    select receipt.object_id
    from receipt
    where receipt.object_id <> all(cast(:kept_ids as bigint[]))
),

content as (
    select
        receipt.object_id,
        cast(row(receipt.receipt_no, receipt.filed_week, receipt.status, receipt.document) as text) as said
    from receipt
    inner join asked on receipt.object_id = asked.object_id
    union all
    select
        receipt.object_id,
        cast(
            row(
                finding.ordinal, finding.rule, finding.severity, finding.sheet, finding.cell, finding.source_row,
                finding.column_header, finding.value, finding.expected, finding.message, finding.fix
            ) as text
        ) as said
    from finding
    inner join receipt on finding.receipt_no = receipt.receipt_no
    inner join asked on receipt.object_id = asked.object_id
    union all
    select
        receipt.object_id,
        cast(row(held_row.source_sheet, held_row.source_row, held_row.rules, held_row.activity_key) as text) as said
    from held_row
    inner join receipt on held_row.receipt_no = receipt.receipt_no
    inner join asked on receipt.object_id = asked.object_id
    union all
    select
        fact_submission.object_id,
        cast(
            row(
                fact_submission.union_id, fact_submission.week_start, fact_submission.received_at,
                fact_submission.received_count, fact_submission.accepted_count, fact_submission.returned_count,
                fact_submission.held_count, fact_submission.ignored_count, fact_submission.activity_count,
                fact_submission.figure_count, fact_submission.moved_count, fact_submission.is_late
            ) as text
        ) as said
    from fact_submission
    inner join asked on fact_submission.object_id = asked.object_id
    union all
    select
        handed_over.object_id,
        cast(
            row(
                'handed over', handed_over.union_id, handed_over.from_receipt_no, handed_over.natural_key,
                handed_over.week_start, handed_over.activity_name, handed_over.told_receipt_no,
                handed_over.is_given_back
            ) as text
        ) as said
    from handed_over
    inner join asked on handed_over.object_id = asked.object_id
    union all
    select
        version.object_id,
        cast(
            row(
                version.union_id, version.week_id, version.version, version.submission_type, version.status,
                version.sha256, version.content_hash, version.is_late, version.received_at, version.fact_weeks,
                version.superseded_at, newer.receipt_no
            ) as text
        ) as said
    from asked
    inner join dim_submission as version on asked.object_id = version.object_id
    left join dim_submission as newer on version.superseded_by = newer.submission_key
    union all
    select
        version.object_id,
        cast(
            row(
                activity.week_start, activity.reporting_union_id, activity.organizer_union_key, activity.category_key,
                activity.campaign_key, activity.place_division_key, activity.place_detail, activity.start_on,
                activity.end_on, activity.is_date_inferred, activity.is_crossing_week, activity.period_kind,
                activity.scope, activity.since_on, activity.as_of_on, activity.activity_no, activity.activity_name,
                activity.item_name, activity.has_open_list, activity.natural_key, activity.series_key,
                activity.measures_hash, activity.content_hash, activity.identity_key,
                activity.is_accepted, activity.is_counting,
                activity.explanation, activity.remarks, activity.source_sheet,
                activity.source_row
            ) as text
        ) as said
    from asked
    inner join dim_submission as version on asked.object_id = version.object_id
    inner join fact_activity as activity on version.submission_key = activity.submission_key
    union all
    select
        version.object_id,
        cast(
            row(
                figure.week_start, figure.measure_key, figure.organizer_union_key, figure.category_key,
                figure.campaign_key, figure.place_division_key, figure.period_kind, figure.scope, figure.since_on,
                figure.as_of_on, figure.series_key, figure.value, figure.exactness, figure.raw_text,
                figure.source_sheet, figure.source_row, figure.source_cell
            ) as text
        ) as said
    from asked
    inner join dim_submission as version on asked.object_id = version.object_id
    inner join fact_measure as figure on version.submission_key = figure.submission_key
    union all
    select
        version.object_id,
        cast(row('group', bridge.week_start, bridge.group_key, activity.natural_key) as text) as said
    from asked
    inner join dim_submission as version on asked.object_id = version.object_id
    inner join bridge_activity_group as bridge on version.submission_key = bridge.submission_key
    left join fact_activity as activity
        on bridge.week_start = activity.week_start and bridge.activity_key = activity.activity_key
    union all
    select
        version.object_id,
        cast(row('partner', bridge.week_start, bridge.partner_key, bridge.role, activity.natural_key) as text) as said
    from asked
    inner join dim_submission as version on asked.object_id = version.object_id
    inner join bridge_activity_partner as bridge on version.submission_key = bridge.submission_key
    left join fact_activity as activity
        on bridge.week_start = activity.week_start and bridge.activity_key = activity.activity_key
),

-- a sum, not a list: it needs no order and no memory
digested as (
    select
        object_id,
        count(*) || '/' || sum(hashtextextended(said, 0)) as digest
    from content
    group by object_id
),

named as (
    select
        receipt.object_id,
        array_agg(distinct finding.rule) as rules
    from receipt
    inner join finding on receipt.receipt_no = finding.receipt_no
    group by receipt.object_id
)

select
    receipt.object_id,
    receipt.receipt_no,
    receipt.union_id,
    receipt.filed_week,
    receipt.status,
    version.week_id,
    digested.digest,
    receipt.document -> 'rows' as row_counts,
    coalesce(version.fact_weeks, '{}') as fact_weeks,
    coalesce(named.rules, '{}') as rules
from receipt
inner join digested on receipt.object_id = digested.object_id
left join dim_submission as version on receipt.object_id = version.object_id
left join named on receipt.object_id = named.object_id
order by receipt.object_id;
