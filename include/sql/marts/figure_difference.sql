-- figure_difference: the figures that differ from those that figure_before kept.
-- Grain: one row per week, union and figure that is new, gone or different. A campaign's figure has an
-- empty figure_id, any other an empty campaign_id.
-- Reads: figure_before, mart_week_figure, mart_campaign_week. Params: none.
with figure_now as (
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
    from mart_campaign_week
)

select
    figure_before.value as old_value,
    figure_before.exactness as old_exactness,
    figure_now.value as new_value,
    figure_now.exactness as new_exactness,
    coalesce(figure_before.week_start, figure_now.week_start) as week_start,
    coalesce(figure_before.union_id, figure_now.union_id) as union_id,
    coalesce(figure_before.figure_id, figure_now.figure_id) as figure_id,
    coalesce(figure_before.campaign_id, figure_now.campaign_id) as campaign_id,
    coalesce(figure_before.measure_id, figure_now.measure_id) as measure_id
from figure_before
full outer join figure_now
    on
        figure_before.week_start = figure_now.week_start
        and figure_before.union_id = figure_now.union_id
        and figure_before.figure_id = figure_now.figure_id
        and figure_before.campaign_id = figure_now.campaign_id
        and figure_before.measure_id = figure_now.measure_id
where
    figure_before.value is distinct from figure_now.value
    or figure_before.exactness is distinct from figure_now.exactness;
