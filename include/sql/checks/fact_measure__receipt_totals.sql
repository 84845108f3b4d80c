-- fact_measure__receipt_totals: the facts of a current version come to what its receipt told the union.
-- Grain: one row per version, measure, period kind and scope that differs. Reads: dim_submission, receipt,
-- fact_submission, fact_activity, fact_measure, dim_measure.
-- Params: :submission_keys (bigint[]: the versions to look at; null: all), :fact_week_starts (date[]: the weeks in
-- which their facts count; null: all).
-- Activities that moved to their organiser's own report are in the receipt and no longer here: then facts may be less.
with version as (
    select
        dim_submission.submission_key,
        dim_submission.receipt_no,
        dim_submission.version,
        dim_submission.fact_weeks,
        receipt.document -> 'totals' as totals,
        coalesce(fact_submission.moved_count, 0) > 0 as has_moved
    from dim_submission
    inner join receipt on dim_submission.receipt_no = receipt.receipt_no
    left join fact_submission on dim_submission.object_id = fact_submission.object_id
    where
        dim_submission.superseded_at is null
        and (
            cast(:submission_keys as bigint[]) is null
            or dim_submission.submission_key = any(cast(:submission_keys as bigint[]))
        )
),

told as (
    select
        version.submission_key,
        total.measure as measure_id,
        total.period_kind,
        total.scope,
        total.exactness,
        cast(total.value as numeric) as value
    from version
    cross join lateral jsonb_to_recordset(version.totals) as total (
        measure text, period_kind text, scope text, value text, exactness text
    )
),

-- by week, so that only the partitions that hold a version's facts are read
loaded as (
    select
        version.submission_key,
        dim_measure.measure_id,
        fact_measure.period_kind,
        fact_measure.scope,
        sum(fact_measure.value) as value,
        (array['exact', 'over', 'under', 'approx'])[bit_or(fact_measure.exactness) + 1] as exactness
    from version
    cross join unnest(version.fact_weeks) as fact_week (week_start)
    inner join fact_measure
        on
            fact_week.week_start = fact_measure.week_start
            and version.submission_key = fact_measure.submission_key
    inner join fact_activity
        on
            fact_measure.week_start = fact_activity.week_start
            and fact_measure.activity_key = fact_activity.activity_key
            and fact_activity.is_accepted
    inner join dim_measure on fact_measure.measure_key = dim_measure.measure_key
    where
        cast(:fact_week_starts as date[]) is null
        or (
            fact_measure.week_start = any(cast(:fact_week_starts as date[]))
            and fact_activity.week_start = any(cast(:fact_week_starts as date[]))
        )
    group by version.submission_key, dim_measure.measure_id, fact_measure.period_kind, fact_measure.scope
),

compared as (
    select
        told.value as told_value,
        told.exactness as told_exactness,
        loaded.value as loaded_value,
        loaded.exactness as loaded_exactness,
        coalesce(told.submission_key, loaded.submission_key) as submission_key,
        concat_ws(
            ' ',
            coalesce(told.measure_id, loaded.measure_id),
            coalesce(told.period_kind, loaded.period_kind),
            coalesce(told.scope, loaded.scope)
        ) as summed
    from told
    full join loaded
        on
            told.submission_key = loaded.submission_key
            and told.measure_id = loaded.measure_id
            and told.period_kind = loaded.period_kind
            and told.scope = loaded.scope
)

select
    'receipt ' || version.receipt_no || ' version ' || version.version || ' ' || compared.summed as subject,
    coalesce(compared.told_value || ' ' || compared.told_exactness, 'none') as expected,
    coalesce(compared.loaded_value || ' ' || compared.loaded_exactness, 'none') as found
from compared
inner join version on compared.submission_key = version.submission_key
where
    case
        when version.has_moved then coalesce(compared.loaded_value > coalesce(compared.told_value, 0), false)
        else
            compared.told_value is distinct from compared.loaded_value
            or compared.told_exactness is distinct from compared.loaded_exactness
    end
order by version.receipt_no, compared.summed;
