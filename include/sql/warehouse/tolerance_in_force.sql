-- tolerance_in_force: the tolerances of one union that hold for a file that arrived at an instant.
-- Grain: one row per tolerance. Reads: tolerance.
-- Params: :union_id, :at (the arrival), :on_day (its day in Asia/Shanghai; a tolerance holds through its last day).
select
    tolerance_key,
    rule,
    measure_id,
    limit_value,
    reason,
    expires_on
from tolerance
where
    union_id = :union_id
    and created_at <= :at
    and expires_on >= :on_day
    and (ended_at is null or ended_at > :at)
order by tolerance_key;
