-- touched_weeks: the weeks from a week on that somebody reported on.
-- Grain: one row per week. Reads: dim_submission.
-- Params: :week_start, :last_week_start (Mondays, both included).
-- A week is touched by a current submission filed under it, a 零报告 too, or by a fact of another week's submission.
select week_start
from dim_submission
where superseded_at is null and week_start between :week_start and :last_week_start
union
select fact_week.week_start
from dim_submission
cross join unnest(dim_submission.fact_weeks) as fact_week (week_start)
where dim_submission.superseded_at is null and fact_week.week_start between :week_start and :last_week_start
order by week_start;
