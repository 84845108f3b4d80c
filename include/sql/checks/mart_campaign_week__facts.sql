-- mart_campaign_week__facts: what a campaign gained in a week is the sum of its own event facts.
-- Grain: one row per week, campaign, organiser and measure that differs. Reads: mart_campaign_week, fact_measure,
-- dimensions.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
with summed as (
    select
        fact_measure.week_start,
        dim_campaign.campaign_id,
        dim_union.union_id,
        dim_measure.measure_id,
        sum(fact_measure.value) as value,
        bit_or(fact_measure.exactness) as exactness,
        count(*) as activity_count
    from fact_measure
    inner join dim_campaign on fact_measure.campaign_key = dim_campaign.campaign_key
    inner join dim_union on fact_measure.organizer_union_key = dim_union.union_key
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    where
        fact_measure.period_kind = 'event' and fact_measure.scope = 'own' and fact_measure.is_counting
        and fact_measure.week_start between :first_week_start and :last_week_start
    group by fact_measure.week_start, dim_campaign.campaign_id, dim_union.union_id, dim_measure.measure_id
),

gained as (
    select
        week_start,
        campaign_id,
        union_id,
        measure_id,
        value,
        exactness,
        activity_count
    from mart_campaign_week
    where week_start between :first_week_start and :last_week_start
)

select
    sum_text(summed.value, summed.activity_count, summed.exactness) as expected,
    sum_text(gained.value, gained.activity_count, gained.exactness) as found,
    concat_ws(
        ' ',
        to_char(coalesce(summed.week_start, gained.week_start), 'IYYY-"W"IW'),
        coalesce(summed.campaign_id, gained.campaign_id),
        coalesce(summed.union_id, gained.union_id),
        coalesce(summed.measure_id, gained.measure_id)
    ) as subject
from summed
full join gained
    on
        summed.week_start = gained.week_start
        and summed.campaign_id = gained.campaign_id
        and summed.union_id = gained.union_id
        and summed.measure_id = gained.measure_id
where
    (summed.value, summed.activity_count, summed.exactness)
    is distinct from (gained.value, gained.activity_count, gained.exactness)
order by subject;
