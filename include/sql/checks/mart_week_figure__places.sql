-- mart_week_figure__places: by place or by organiser, the province comes to the same.
-- Grain: one row per category, measure and kind of a week where it does not. Reads: mart_week_figure.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
with province as (
    select
        week_start,
        basis,
        category_id,
        measure_id,
        period_kind,
        since_on,
        value,
        exactness,
        activity_count,
        figure_id
    from mart_week_figure
    where
        level = 'province' and scope = 'own'
        and week_start between :first_week_start and :last_week_start
),

by_organizer as (
    select *
    from province
    where basis = 'organizer'
),

by_place as (
    select *
    from province
    where basis = 'place'
)

select
    coalesce(by_place.figure_id, by_organizer.figure_id) as subject,
    sum_text(by_organizer.value, by_organizer.activity_count, by_organizer.exactness) as expected,
    sum_text(by_place.value, by_place.activity_count, by_place.exactness) as found
from by_organizer
full join by_place
    on
        by_organizer.week_start = by_place.week_start
        and by_organizer.category_id = by_place.category_id
        and by_organizer.measure_id = by_place.measure_id
        and by_organizer.period_kind = by_place.period_kind
        and coalesce(by_organizer.since_on, date '0001-01-01') = coalesce(by_place.since_on, date '0001-01-01')
where
    (by_organizer.value, by_organizer.activity_count, by_organizer.exactness)
    is distinct from (by_place.value, by_place.activity_count, by_place.exactness)
order by subject;
