-- answered_otherwise: played objects whose receipt, findings or held rows are not what the warehouse holds.
-- Grain: one row per object. Reads: receipt, finding and held_row of both, the real and the shadow's.
-- Params: :object_ids (bigint[]).
with wanted as (
    select given.object_id
    from unnest(cast(:object_ids as bigint[])) as given (object_id)
),

said as (
    select
        'then' as side,
        receipt.object_id,
        cast(row(receipt.receipt_no, receipt.filed_week, receipt.status, receipt.document) as text) as words
    from public.receipt
    union all
    select
        'now' as side,
        receipt.object_id,
        cast(row(receipt.receipt_no, receipt.filed_week, receipt.status, receipt.document) as text) as words
    from replay.receipt
    union all
    select
        'then' as side,
        receipt.object_id,
        cast(row(held.source_sheet, held.source_row, held.rules, held.activity_key) as text) as words
    from public.held_row as held
    inner join public.receipt on held.receipt_no = receipt.receipt_no
    union all
    select
        'now' as side,
        receipt.object_id,
        cast(row(held.source_sheet, held.source_row, held.rules, held.activity_key) as text) as words
    from replay.held_row as held
    inner join replay.receipt on held.receipt_no = receipt.receipt_no
),

summed as (
    select
        wanted.object_id,
        sum(hashtextextended(said.words, 0)) filter (where said.side = 'then') as then_sum,
        sum(hashtextextended(said.words, 0)) filter (where said.side = 'now') as now_sum
    from wanted
    left join said on wanted.object_id = said.object_id
    group by wanted.object_id
)

select object_id
from summed
where then_sum is distinct from now_sum
order by object_id;
