-- fact_measure: the staged figures of one submission, each with what its activity says.
-- Grain: one row per activity and measure. Reads: stg_figure, stg_activity, dim_union, dim_category, dim_campaign,
-- dim_division, dim_measure.
-- Params: :submission_key. Rerun: the caller deletes the facts of the superseded version, in the same transaction.
-- The keys are joined from the staged activities and not read back from fact_activity: there, a join over all weeks'
-- partitions would cost more with every year.
insert into fact_measure (
    week_start,
    activity_key,
    measure_key,
    submission_key,
    organizer_union_key,
    category_key,
    campaign_key,
    place_division_key,
    period_kind,
    scope,
    since_on,
    as_of_on,
    series_key,
    value,
    exactness,
    raw_text,
    source_sheet,
    source_row,
    source_cell,
    is_counting
)
select
    activity.week_start,
    activity.activity_key,
    measure.measure_key,
    :submission_key as submission_key,
    organizer.union_key,
    category.category_key,
    campaign.campaign_key,
    place.division_key,
    activity.period_kind,
    activity.scope,
    activity.since_on,
    activity.as_of_on,
    activity.series_key,
    figure.value_cents * 0.01 as value,
    figure.exactness,
    figure.raw_text,
    figure.source_sheet,
    figure.source_row,
    figure.source_cell,
    activity.is_accepted as is_counting
from stg_figure as figure
inner join stg_activity as activity on figure.activity_id = activity.activity_id
inner join dim_measure as measure on figure.measure_id = measure.measure_id
inner join dim_union as organizer
    on
        activity.organizer_union_id = organizer.union_id
        and activity.week_start >= organizer.valid_from
        and activity.week_start < organizer.valid_to
inner join dim_category as category on activity.category_id = category.category_id
left join dim_campaign as campaign on activity.campaign_id = campaign.campaign_id
left join dim_division as place on activity.place_division = place.division_code;
