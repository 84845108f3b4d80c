-- registry__unanswered: registry rows = receipts + claims in progress.
-- Grain: one row per finished registry row without a receipt, or whose receipt never reached receipts/.
-- Reads: registry, receipt. Params: :first_week_start (a Monday; what came before it is about no week from there on).
select
    'one receipt, its files written' as expected,
    'object ' || registry.object_id || ' (' || registry.object_key || ')' as subject,
    coalesce('receipt ' || receipt.receipt_no || ' not written', 'no receipt') as found
from registry
left join receipt on registry.object_id = receipt.object_id
where
    registry.state <> 'claimed'
    and registry.received_at >= cast(:first_week_start as date)
    and (receipt.object_id is null or receipt.written_at is null)
order by registry.object_id;
