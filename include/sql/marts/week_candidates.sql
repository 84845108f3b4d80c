-- week_candidates: the activities of a week that 本周亮点 may choose from, with their numbers, groups and partners.
-- Grain: one row per activity.
-- Reads: fact_activity and fact_measure of the week, their bridges, dim_submission, dimensions.
-- Params: :week_start (a Monday), :least_people, :most (how many of each measure, organiser, campaign and group),
-- :campaign_ids and :group_ids (text[]: those that the rules ask for).
-- Only own events that count. Of a week of any size no more rows come back than the rules can choose from: of each
-- organiser the largest by each measure, and of each campaign and group that is asked for the largest by people.
with event as materialized (
    select
        activity.activity_key,
        activity.natural_key,
        activity.campaign_key
    from fact_activity as activity
    where
        activity.week_start = :week_start
        and activity.is_counting
        and activity.period_kind = 'event'
        and activity.scope = 'own'
),

number_said as materialized (
    select
        fact_measure.activity_key,
        event.natural_key,
        fact_measure.organizer_union_key,
        dim_measure.measure_id,
        fact_measure.value,
        fact_measure.exactness,
        fact_measure.raw_text
    from fact_measure
    inner join event on fact_measure.activity_key = event.activity_key
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    where
        fact_measure.week_start = :week_start
        and fact_measure.value > 0
),

of_few as (
    select activity_key
    from number_said
    where measure_id = 'people_served' and value < :least_people
),

people as (
    select
        activity_key,
        value
    from number_said
    where measure_id = 'people_served'
),

largest as (
    select
        activity_key,
        rank() over (partition by organizer_union_key, measure_id order by value desc, natural_key asc) as place
    from number_said
),

of_campaign as (
    select
        event.activity_key,
        rank() over (
            partition by event.campaign_key order by people.value desc nulls last, event.natural_key asc
        ) as place
    from event
    inner join dim_campaign on event.campaign_key = dim_campaign.campaign_key
    left join people on event.activity_key = people.activity_key
    where dim_campaign.campaign_id = any(cast(:campaign_ids as text[]))
),

of_group as (
    select
        event.activity_key,
        rank() over (
            partition by served.group_key order by people.value desc nulls last, event.natural_key asc
        ) as place
    from event
    inner join bridge_activity_group as served
        on event.activity_key = served.activity_key and served.week_start = :week_start
    inner join dim_beneficiary_group on served.group_key = dim_beneficiary_group.group_key
    left join people on event.activity_key = people.activity_key
    where dim_beneficiary_group.group_id = any(cast(:group_ids as text[]))
),

kept as (
    select activity_key from largest
    where place <= :most
    union
    select activity_key from of_campaign
    where place <= :most
    union
    select activity_key from of_group
    where place <= :most
)

select
    dim_submission.union_id as sender_union_id,
    activity.natural_key,
    dim_union.union_id,
    dim_category.category_id,
    activity.activity_name,
    activity.item_name,
    dim_campaign.campaign_id,
    dim_campaign.campaign_name,
    dim_campaign.is_listed as is_campaign_listed,
    dim_division.division_code,
    activity.has_open_list,
    (
        select array_agg(dim_beneficiary_group.group_id order by dim_beneficiary_group.group_id)
        from bridge_activity_group as served
        inner join dim_beneficiary_group on served.group_key = dim_beneficiary_group.group_key
        where served.week_start = :week_start and served.activity_key = activity.activity_key
    ) as group_ids,
    (
        select array_agg(dim_partner.partner_name order by dim_partner.partner_name)
        from bridge_activity_partner as joined
        inner join dim_partner on joined.partner_key = dim_partner.partner_key
        where joined.week_start = :week_start and joined.activity_key = activity.activity_key
    ) as partners,
    (
        select
            jsonb_agg(
                jsonb_build_array(
                    said.measure_id,
                    cast(said.value as text),
                    said.exactness,
                    said.raw_text
                ) order by said.measure_id
            )
        from number_said as said
        where said.activity_key = activity.activity_key
    ) as numbers,
    case when not activity.is_date_inferred then activity.start_on end as start_on,
    case when not activity.is_date_inferred then activity.end_on end as end_on
from fact_activity as activity
inner join kept on activity.activity_key = kept.activity_key
inner join dim_submission on activity.submission_key = dim_submission.submission_key
inner join dim_union on activity.organizer_union_key = dim_union.union_key
inner join dim_category on activity.category_key = dim_category.category_key
left join dim_campaign on activity.campaign_key = dim_campaign.campaign_key
left join dim_division on activity.place_division_key = dim_division.division_key
where
    activity.week_start = :week_start
    and activity.activity_key not in (select of_few.activity_key from of_few)
order by dim_submission.union_id asc, activity.natural_key asc;
