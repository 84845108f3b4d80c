-- dim_partner: partners that no earlier file named.
-- Grain: one row per partner that is new. Params: :names (text[], sorted: two loads then wait for each other in one
-- order), :union_ids (text[], null where the partner is no union of ours). Rerun: changes nothing.
insert into dim_partner (partner_name, union_id)
select
    written.partner_name,
    written.union_id
from unnest(cast(:names as text[]), cast(:union_ids as text[])) as written (partner_name, union_id)
on conflict (partner_name) do nothing;
