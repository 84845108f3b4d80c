-- receipt_count: how many receipts a union has under a filed week; their numbers run from 1 to that.
-- Grain: one row. Reads: receipt. Params: :union_id, :filed_week.
select count(*) as receipt_count
from receipt
where union_id = :union_id and filed_week = :filed_week;
