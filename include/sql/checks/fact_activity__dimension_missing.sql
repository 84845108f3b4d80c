-- fact_activity__dimension_missing: what facts name by key is there; one that names nothing is in no figure.
-- Grain: one row per activity and key that names nothing, one per figure without a measure.
-- Reads: fact_activity, fact_measure, dim_submission, dim_union, dim_category, dim_campaign, dim_division, dim_measure.
-- Params: :first_week_start, :last_week_start (Mondays, both included).
with named as (
    select
        'activity ' || fact.activity_key as subject,
        key_of.dimension,
        key_of.dimension_key
    from fact_activity as fact
    left join dim_submission on fact.submission_key = dim_submission.submission_key
    left join dim_union on fact.organizer_union_key = dim_union.union_key
    left join dim_category on fact.category_key = dim_category.category_key
    left join dim_campaign on fact.campaign_key = dim_campaign.campaign_key
    left join dim_division on fact.place_division_key = dim_division.division_key
    cross join
        lateral (
            values
            ('version', fact.submission_key, dim_submission.submission_key is null),
            ('union', fact.organizer_union_key, dim_union.union_key is null),
            ('category', fact.category_key, dim_category.category_key is null),
            ('campaign', fact.campaign_key, fact.campaign_key is not null and dim_campaign.campaign_key is null),
            (
                'division',
                fact.place_division_key,
                fact.place_division_key is not null and dim_division.division_key is null
            )
        ) as key_of (dimension, dimension_key, is_missing)
    where
        fact.week_start between :first_week_start and :last_week_start
        and key_of.is_missing
    union all
    select
        'activity ' || fact.activity_key || ' cell ' || fact.source_cell as subject,
        'measure' as dimension,
        fact.measure_key as dimension_key
    from fact_measure as fact
    left join dim_measure on fact.measure_key = dim_measure.measure_key
    where
        fact.week_start between :first_week_start and :last_week_start
        and dim_measure.measure_key is null
)

select
    subject,
    'a ' || dimension as expected,
    'none of key ' || dimension_key as found
from named
order by subject, dimension;
