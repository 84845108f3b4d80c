-- campaigns: what each campaign that is still of interest has reached from its start to a week.
-- Grain: one row per campaign and measure. Reads: mart_campaign_week, dim_campaign.
-- Params: :week_start (the last week counted), :active_since (a Monday: campaigns of which nothing was reported since
-- are left out).
with active_campaign as (
    select distinct campaign_id
    from mart_campaign_week
    where week_start between :active_since and :week_start
)

select
    mart_campaign_week.campaign_id,
    dim_campaign.campaign_name,
    mart_campaign_week.measure_id,
    sum(mart_campaign_week.value) as value,
    bit_or(mart_campaign_week.exactness) as exactness,
    count(distinct mart_campaign_week.union_id) as union_count,
    min(mart_campaign_week.week_start) as first_week_start,
    max(mart_campaign_week.week_start) as last_week_start
from mart_campaign_week
inner join active_campaign on mart_campaign_week.campaign_id = active_campaign.campaign_id
inner join dim_campaign on mart_campaign_week.campaign_id = dim_campaign.campaign_id
where mart_campaign_week.week_start <= :week_start
group by mart_campaign_week.campaign_id, dim_campaign.campaign_name, mart_campaign_week.measure_id
order by mart_campaign_week.campaign_id, mart_campaign_week.measure_id;
