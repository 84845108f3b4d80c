-- published_figure__figures: what readers know of a figure, by an edition and the corrections noted since, is what the
-- marts say.
-- Grain: one row per figure that differs. Reads: published_figure, mart_week_figure.
-- Params: :first_week_start, :last_week_start (Mondays, both included). Campaigns' figures stand in no mart.
select
    to_char(known.week_start, 'IYYY-"W"IW') || ' figure ' || known.figure_id as subject,
    coalesce(known.value::text, 'none') as expected,
    coalesce(figure.value::text, 'none') as found
from published_figure as known
left join mart_week_figure as figure
    on known.week_start = figure.week_start and known.figure_id = figure.figure_id
where
    known.week_start between :first_week_start and :last_week_start
    and not known.is_campaign
    and (
        known.value is distinct from figure.value
        or (known.exactness is not null and known.exactness <> figure.exactness)
    )
order by known.week_start, known.figure_id;
