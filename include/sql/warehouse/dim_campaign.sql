-- dim_campaign: campaigns that stand in no code list, under the look-up form of the name that was written.
-- Grain: one row per campaign that is new. Params: :campaign_ids (text[], sorted: two loads then wait for each other in
-- one order). Rerun: changes nothing.
insert into dim_campaign (campaign_id, campaign_name, is_listed)
select
    written.campaign_id,
    written.campaign_id as campaign_name,
    false as is_listed
from unnest(cast(:campaign_ids as text[])) as written (campaign_id)
on conflict (campaign_id) do nothing;
