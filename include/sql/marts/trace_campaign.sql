-- trace_campaign: the cells that a campaign's figure was added from, in some weeks.
-- Grain: one row per cell. Reads: mart_campaign_week, fact_measure of its weeks, dim_submission, registry, dimensions.
-- Params: :campaign_id, :measure_id, :first_week_start, :week_start (Mondays, both included).
with campaign_week as (
    select distinct week_start
    from mart_campaign_week
    where
        campaign_id = :campaign_id and measure_id = :measure_id
        and week_start between :first_week_start and :week_start
)

select
    dim_submission.union_id,
    registry.object_key,
    registry.sha256,
    fact_measure.source_sheet,
    fact_measure.source_cell,
    fact_measure.raw_text,
    fact_measure.value,
    fact_measure.exactness
from campaign_week
inner join fact_measure on campaign_week.week_start = fact_measure.week_start
inner join dim_campaign on fact_measure.campaign_key = dim_campaign.campaign_key
inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
inner join dim_submission on fact_measure.submission_key = dim_submission.submission_key
inner join registry on dim_submission.object_id = registry.object_id
where
    fact_measure.period_kind = 'event'
    and fact_measure.scope = 'own'
    and fact_measure.is_counting
    and dim_campaign.campaign_id = :campaign_id
    and dim_measure.measure_id = :measure_id
order by
    dim_submission.union_id, registry.object_id, fact_measure.source_sheet, fact_measure.source_row,
    fact_measure.source_cell;
