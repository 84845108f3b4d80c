-- fact_activity: the staged activities of one submission, with keys of the dimensions.
-- Grain: one row per activity. Reads: stg_activity, dim_union, dim_category, dim_campaign, dim_division.
-- Params: :submission_key. Rerun: the caller deletes the facts of the superseded version, in the same transaction.
-- A row that was accepted counts until settle_counting.sql says otherwise.
-- An id that its dimension lacks drops the row; the caller compares the counts and gives the whole load up.
insert into fact_activity (
    activity_key,
    week_start,
    submission_key,
    reporting_union_id,
    organizer_union_key,
    category_key,
    campaign_key,
    place_division_key,
    place_detail,
    start_on,
    end_on,
    is_date_inferred,
    is_crossing_week,
    period_kind,
    scope,
    since_on,
    as_of_on,
    activity_no,
    activity_name,
    item_name,
    has_open_list,
    natural_key,
    series_key,
    measures_hash,
    content_hash,
    identity_key,
    is_accepted,
    is_counting,
    explanation,
    remarks,
    source_sheet,
    source_row
)
select
    staged.activity_key,
    staged.week_start,
    :submission_key as submission_key,
    staged.reporting_union_id,
    organizer.union_key,
    category.category_key,
    campaign.campaign_key,
    place.division_key,
    staged.place_detail,
    staged.start_on,
    staged.end_on,
    staged.is_date_inferred,
    coalesce(staged.start_on < staged.week_start, false) as is_crossing_week,
    staged.period_kind,
    staged.scope,
    staged.since_on,
    staged.as_of_on,
    staged.activity_no,
    staged.activity_name,
    staged.item_name,
    staged.has_open_list,
    staged.natural_key,
    staged.series_key,
    staged.measures_hash,
    staged.content_hash,
    staged.identity_key,
    staged.is_accepted,
    staged.is_accepted as is_counting,
    staged.explanation,
    staged.remarks,
    staged.source_sheet,
    staged.source_row
from stg_activity as staged
inner join dim_union as organizer
    on
        staged.organizer_union_id = organizer.union_id
        and staged.week_start >= organizer.valid_from
        and staged.week_start < organizer.valid_to
inner join dim_category as category on staged.category_id = category.category_id
left join dim_campaign as campaign on staged.campaign_id = campaign.campaign_id
left join dim_division as place on staged.place_division = place.division_code
where
    (staged.campaign_id is null or campaign.campaign_key is not null)
    and (staged.place_division is null or place.division_key is not null);
