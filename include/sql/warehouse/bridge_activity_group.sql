-- bridge_activity_group: whom the staged activities served.
-- Grain: one row per activity and group named. Reads: stg_activity, dim_beneficiary_group. Params: :submission_key.
insert into bridge_activity_group (week_start, activity_key, group_key, submission_key)
select
    staged.week_start,
    staged.activity_key,
    served.group_key,
    :submission_key as submission_key
from stg_activity as staged
cross join lateral unnest(string_to_array(staged.beneficiary_groups, ';')) as named (group_id)
inner join dim_beneficiary_group as served on named.group_id = served.group_id;
