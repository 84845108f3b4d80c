-- stg_activity: the activities of one submission, accepted or waiting behind others, between COPY and the facts.
-- Gone with its transaction.
-- Grain: one row per activity. Ids are those of the code lists; fact_activity.sql turns them into keys.
-- Params: none. Rerun: the caller drops it after the load.
create temporary table stg_activity (
    activity_key bigint not null default nextval('fact_activity_activity_key_seq'),
    activity_id bigint not null,
    week_start date not null,
    reporting_union_id text not null,
    organizer_union_id text not null,
    category_id text not null,
    campaign_id text,
    place_division text,
    place_detail text,
    start_on date,
    end_on date,
    is_date_inferred boolean not null,
    period_kind text not null,
    scope text not null,
    since_on date,
    as_of_on date not null,
    activity_no text,
    activity_name text not null,
    item_name text,
    has_open_list boolean not null,
    co_organizers text,
    beneficiary_groups text,
    natural_key text not null,
    series_key text not null,
    measures_hash text not null,
    content_hash text not null,
    identity_key text not null,
    is_accepted boolean not null,
    explanation text,
    remarks text,
    source_sheet text,
    source_row integer not null
) on commit drop;
