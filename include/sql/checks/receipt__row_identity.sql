-- receipt__row_identity: received = accepted + returned + held + ignored, in the receipt and in its snapshot alike.
-- Grain: one row per receipt whose counts do not add up, or that fact_submission does not repeat.
-- Reads: receipt, fact_submission.
-- Params: :first_week_id, :last_week_id (as 2024-W49, both included), of the weeks the receipts are filed under.
with counted as (
    select
        receipt.receipt_no,
        fact_submission.object_id,
        fact_submission.received_count,
        concat_ws(
            '/',
            fact_submission.received_count,
            fact_submission.accepted_count,
            fact_submission.returned_count,
            fact_submission.held_count,
            fact_submission.ignored_count
        ) as snapshot_counts,
        concat_ws(
            '/',
            receipt.document #>> '{rows,received}',
            receipt.document #>> '{rows,accepted}',
            receipt.document #>> '{rows,returned}',
            receipt.document #>> '{rows,held}',
            receipt.document #>> '{rows,ignored}'
        ) as receipt_counts,
        fact_submission.accepted_count + fact_submission.returned_count + fact_submission.held_count
        + fact_submission.ignored_count as settled_count
    from receipt
    left join fact_submission on receipt.object_id = fact_submission.object_id
    where receipt.filed_week between :first_week_id and :last_week_id
)

select
    'receipt ' || receipt_no as subject,
    'counts ' || receipt_counts || ' that add up' as expected,
    case when object_id is null then 'no row in fact_submission' else 'counts ' || snapshot_counts end as found
from counted
where object_id is null or receipt_counts <> snapshot_counts or received_count <> settled_count
order by receipt_no;
