-- campaign_total: what a campaign has reached in some weeks.
-- Grain: one row; value is null when none of them holds anything of it. Reads: mart_campaign_week.
-- Params: :campaign_id, :measure_id, :first_week_start, :week_start (Mondays, both included).
select
    sum(value) as value,
    bit_or(exactness) as exactness
from mart_campaign_week
where
    campaign_id = :campaign_id and measure_id = :measure_id
    and week_start between :first_week_start and :week_start;
