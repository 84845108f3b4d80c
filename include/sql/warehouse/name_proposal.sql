-- name_proposal: a text that nobody knew, new on the engineers' list or seen once more.
-- Grain: one row per union, kind and folded text. Params: :union_id, :kind, :folded_text, :written_text, :proposed_id,
-- :receipt_no, :seen_at. Rerun: the caller looks for the object's receipt first.
insert into name_proposal (
    union_id,
    kind,
    folded_text,
    written_text,
    proposed_id,
    first_receipt_no,
    last_receipt_no,
    first_seen_at
)
values (
    :union_id, :kind, :folded_text, :written_text, :proposed_id, :receipt_no, :receipt_no, :seen_at
)
on conflict (union_id, kind, folded_text) do update
    set
        drop_count = name_proposal.drop_count + 1,
        last_receipt_no = excluded.last_receipt_no;
