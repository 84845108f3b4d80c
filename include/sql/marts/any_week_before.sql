-- any_week_before: that something counted in a week before one.
-- Grain: one row, or none where nothing did. Reads: fact_activity. Params: :week_start (a Monday).
select true as was_any
where exists (
    select activity_key
    from fact_activity
    where week_start < :week_start and is_counting
);
