-- bridge_activity_partner: with whom the staged activities were held.
-- Grain: one row per activity and partner named. Reads: stg_activity, dim_partner. Params: :submission_key.
insert into bridge_activity_partner (week_start, activity_key, partner_key, role, submission_key)
select
    staged.week_start,
    staged.activity_key,
    partner.partner_key,
    'joint' as role, -- noqa: RF04
    :submission_key as submission_key
from stg_activity as staged
cross join lateral unnest(string_to_array(staged.co_organizers, ';')) as named (partner_name)
inner join dim_partner as partner on named.partner_name = partner.partner_name;
