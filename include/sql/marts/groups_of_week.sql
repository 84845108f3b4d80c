-- groups_of_week: the groups that counted own events of a week are for.
-- Grain: one row per group. Reads: fact_activity and bridge_activity_group of the week, dim_beneficiary_group.
-- Params: :week_start (a Monday).
select distinct dim_beneficiary_group.group_id
from fact_activity as activity
inner join bridge_activity_group as served
    on activity.week_start = served.week_start and activity.activity_key = served.activity_key
inner join dim_beneficiary_group on served.group_key = dim_beneficiary_group.group_key
where
    activity.week_start = :week_start
    and activity.is_counting
    and activity.period_kind = 'event'
    and activity.scope = 'own'
order by dim_beneficiary_group.group_id asc;
