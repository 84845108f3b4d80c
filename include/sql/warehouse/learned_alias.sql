-- learned_alias: a spelling that a person confirmed; said again, the last word holds.
-- Grain: one row per union (null: everybody), kind and folded text.
-- Params: :union_id, :kind, :folded_text, :target_id, :person, :confirmed_at. Rerun: changes nothing.
insert into learned_alias (union_id, kind, folded_text, target_id, person, confirmed_at)
values (:union_id, :kind, :folded_text, :target_id, :person, :confirmed_at)
on conflict (union_id, kind, folded_text) do update
    set
        target_id = excluded.target_id,
        person = excluded.person,
        confirmed_at = excluded.confirmed_at;
