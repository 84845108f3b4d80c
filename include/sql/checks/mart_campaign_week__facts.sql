-- mart_campaign_week__facts: what a campaign gained in a week is the sum of its own event facts.
-- Grain: one row per week, campaign, organiser and measure that differs. Reads: mart_campaign_week, fact_measure,
-- dimensions. Params: none.
with summed as (
    select
        fact_measure.week_start,
        dim_campaign.campaign_id,
        dim_union.union_id,
        dim_measure.measure_id,
        sum(fact_measure.value) as value
    from fact_measure
    inner join dim_campaign on fact_measure.campaign_key = dim_campaign.campaign_key
    inner join dim_union on fact_measure.organizer_union_key = dim_union.union_key
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    where fact_measure.period_kind = 'event' and fact_measure.scope = 'own'
    group by fact_measure.week_start, dim_campaign.campaign_id, dim_union.union_id, dim_measure.measure_id
)

select
    coalesce(cast(summed.value as text), 'none') as expected,
    coalesce(cast(mart_campaign_week.value as text), 'none') as found,
    concat_ws(
        ' ',
        to_char(coalesce(summed.week_start, mart_campaign_week.week_start), 'IYYY-"W"IW'),
        coalesce(summed.campaign_id, mart_campaign_week.campaign_id),
        coalesce(summed.union_id, mart_campaign_week.union_id),
        coalesce(summed.measure_id, mart_campaign_week.measure_id)
    ) as subject
from summed
full join mart_campaign_week
    on
        summed.week_start = mart_campaign_week.week_start
        and summed.campaign_id = mart_campaign_week.campaign_id
        and summed.union_id = mart_campaign_week.union_id
        and summed.measure_id = mart_campaign_week.measure_id
where summed.value is distinct from mart_campaign_week.value
order by subject;
