-- campaigns: what each campaign has reached in its season up to a week.
-- Grain: one row per campaign and measure. Reads: mart_campaign_week, dim_campaign.
-- Params: :week_start (the last week counted), :campaign_ids (text[]: campaigns with a season) with :first_weeks
-- (date[] of the same length: the Monday its season began; null between seasons), :others_since (the Monday from which
-- a campaign without a season counts).
with season as (
    select
        campaign_id,
        first_week
    from unnest(cast(:campaign_ids as text[]), cast(:first_weeks as date[])) as given (campaign_id, first_week)
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
inner join dim_campaign on mart_campaign_week.campaign_id = dim_campaign.campaign_id
left join season on mart_campaign_week.campaign_id = season.campaign_id
where
    mart_campaign_week.week_start <= :week_start
    and mart_campaign_week.week_start
    >= case when season.campaign_id is null then cast(:others_since as date) else season.first_week end
group by mart_campaign_week.campaign_id, dim_campaign.campaign_name, mart_campaign_week.measure_id
order by mart_campaign_week.campaign_id, mart_campaign_week.measure_id;
