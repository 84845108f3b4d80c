-- mart_campaign_week: what each union added to a campaign in a week, own event figures only.
-- Grain: one row per week, campaign, organiser and measure. Reads: stored_measure of the week, dimensions.
-- Params: :week_start. Rerun: the caller deletes that week first, in the same transaction.
insert into mart_campaign_week (week_start, campaign_id, union_id, measure_id, value, exactness, activity_count)
with campaign_sum as materialized (
    select
        campaign_key,
        organizer_union_key,
        measure_key,
        sum(value_cents) * 0.01 as value,
        bit_or(exactness) as exactness,
        count(*) as activity_count
    from stored_measure
    where
        week_start = :week_start
        and period_kind = 'event'
        and scope = 'own'
        and campaign_key is not null
        and is_counting
    group by campaign_key, organizer_union_key, measure_key
)

select
    cast(:week_start as date) as week_start,
    dim_campaign.campaign_id,
    dim_union.union_id,
    dim_measure.measure_id,
    sum(campaign_sum.value) as value,
    bit_or(campaign_sum.exactness) as exactness,
    sum(campaign_sum.activity_count) as activity_count
from campaign_sum
inner join dim_campaign on campaign_sum.campaign_key = dim_campaign.campaign_key
inner join dim_union on campaign_sum.organizer_union_key = dim_union.union_key
inner join dim_measure on campaign_sum.measure_key = dim_measure.measure_key
group by dim_campaign.campaign_id, dim_union.union_id, dim_measure.measure_id;
