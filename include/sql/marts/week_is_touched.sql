-- week_is_touched: whether anybody reported on a week.
-- Grain: one row. Reads: dim_submission, fact_activity of the week.
-- Params: :week_start, :week_id.
-- A current submission filed under it (a 零报告 too) touches a week, and so does a fact of another week's submission.
select
    exists (
        select submission_key
        from dim_submission
        where week_id = :week_id and superseded_at is null
    )
    or exists (
        select submission_key
        from fact_activity
        where week_start = :week_start and is_counting
    ) as is_touched;
