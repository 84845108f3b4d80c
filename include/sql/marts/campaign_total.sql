-- campaign_total: what a campaign has reached in all weeks.
-- Grain: one row; value is null when no week holds anything of it. Reads: mart_campaign_week.
-- Params: :campaign_id, :measure_id.
select
    sum(value) as value,
    bit_or(exactness) as exactness
from mart_campaign_week
where campaign_id = :campaign_id and measure_id = :measure_id;
