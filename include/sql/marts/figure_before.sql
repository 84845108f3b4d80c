-- figure_before: the figures as they stand, kept until the transaction ends.
-- Grain: one row per week, union and figure; a campaign's figure by the unions that add to it.
-- Reads: mart_week_figure, mart_campaign_week. Params: none.
create temporary table figure_before on commit drop as
select
    week_start,
    union_id,
    figure_id,
    value,
    exactness
from mart_week_figure
union all
select
    week_start,
    union_id,
    'campaign/' || campaign_id || '/' || measure_id || '/event' as figure_id,
    value,
    exactness
from mart_campaign_week;
