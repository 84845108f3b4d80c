-- groups_before: the groups that counted own events of some earlier weeks were for.
-- Grain: one row per earlier week and group; of a week whose events name no group one row with a null.
-- Reads: fact_activity, bridge_activity_group, dim_beneficiary_group.
-- Params: :first_start, :week_start (Mondays; the second is not looked at any more).
select distinct
    activity.week_start,
    dim_beneficiary_group.group_id
from fact_activity as activity
left join bridge_activity_group as served
    on activity.week_start = served.week_start and activity.activity_key = served.activity_key
left join dim_beneficiary_group on served.group_key = dim_beneficiary_group.group_key
where
    activity.week_start >= :first_start
    and activity.week_start < :week_start
    and activity.is_counting
    and activity.period_kind = 'event'
    and activity.scope = 'own'
order by activity.week_start asc, dim_beneficiary_group.group_id asc;
