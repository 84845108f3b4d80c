-- answered_object: every object that has its receipt, or whose bytes are stored already and that should have one.
-- Grain: one row per object, in order of arrival. Reads: registry, receipt. Params: none.
select
    registry.object_id,
    registry.object_key,
    registry.source_key,
    registry.union_id,
    registry.path_week,
    registry.is_trial,
    registry.state,
    registry.stored_key,
    registry.sha256,
    registry.size_bytes,
    registry.received_at,
    registry.finished_at,
    registry.attempt_count,
    registry.arrived_at,
    registry.arrival_order,
    registry.claimed_at,
    receipt.receipt_no,
    receipt.filed_week,
    receipt.answer_no
from registry
left join receipt on registry.object_id = receipt.object_id
where registry.state <> 'claimed' or receipt.object_id is not null
order by registry.received_at, registry.arrival_order, registry.object_id;
