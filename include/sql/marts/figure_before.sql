-- figure_before: the figures as they stand, kept until the transaction ends.
-- Grain: one row per week, union and figure; a campaign's figure, without figure_id, by the unions that add to it.
-- Reads: mart_week_figure, mart_campaign_week. Params: none.
create temporary table figure_before on commit drop as
select
    week_start,
    union_id,
    figure_id,
    '' as campaign_id,
    measure_id,
    value,
    exactness
from mart_week_figure
union all
select
    week_start,
    union_id,
    '' as figure_id,
    campaign_id,
    measure_id,
    value,
    exactness
from mart_campaign_week;
