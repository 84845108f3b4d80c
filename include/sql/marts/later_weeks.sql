-- later_weeks: the weeks after a week whose marts were built before.
-- Grain: one row per week. Reads: mart_week_coverage (every rebuilt week has rows there).
-- Params: :week_start.
select distinct week_start
from mart_week_coverage
where week_start > :week_start
order by week_start;
