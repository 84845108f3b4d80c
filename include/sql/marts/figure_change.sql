-- figure_change: the published figures that are no longer what they were when their changes were noted last.
-- Grain: one row per figure of a published week. Reads: published_figure, mart_week_figure. Params: :since (a Monday).
-- Campaigns' figures are sums over weeks and stand in no mart; the caller compares those. A null exactness was never
-- told, so that it cannot have changed.
select
    known.week_start,
    known.figure_id,
    known.value as old_value,
    known.exactness as old_exactness,
    figure.value as new_value,
    figure.exactness as new_exactness
from published_figure as known
left join mart_week_figure as figure
    on known.week_start = figure.week_start and known.figure_id = figure.figure_id
where
    known.week_start >= :since
    and not known.is_campaign
    and (
        known.value is distinct from figure.value
        or (known.exactness is not null and known.exactness <> figure.exactness)
    )
order by known.week_start, known.figure_id;
