-- receipt: the answer to one object; which weeks it touches is noted when its facts are loaded.
-- Grain: one row. Params: :receipt_no, :object_id, :union_id, :filed_week, :status, :document (JSON text).
-- Rerun: the caller looks for the object's receipt first.
insert into receipt (receipt_no, object_id, union_id, filed_week, status, document, touched_weeks)
values (:receipt_no, :object_id, :union_id, :filed_week, :status, cast(:document as jsonb), '{}');
