-- settle_counting: which rows count, among those of current versions that say the same activity, decided anew.
-- Grain: one row per activity that counts now and did not, or the other way round; what it was is not is_counting.
-- Reads fact_activity, changes stored_activity and stored_measure under it. Reads: dim_submission, dim_union.
-- Params: :submission_keys (bigint[]: versions whose facts came), :week_starts (date[]: where facts came or went).
-- Rerun: finds none. Of two unions' rows the organiser's own counts, else the first (one that was accepted before one
-- that waited from the first, then by arrival); of one union's events of one key those of one submission.
with came as materialized (
    select
        identity_key,
        submission_key,
        organizer_union_key,
        period_kind
    from fact_activity
    where
        submission_key = any(cast(:submission_keys as bigint[]))
        and week_start = any(cast(:week_starts as date[]))
        and identity_key <> ''
),

shared as (
    -- no join: of a week's first big file the planner knows nothing yet and would compare all its rows with each other;
    -- rows of one identity have one organiser
    select identity_key
    from fact_activity
    where
        week_start = any(cast(:week_starts as date[]))
        and organizer_union_key = any(array(select distinct came.organizer_union_key from came))
        and identity_key <> ''
        and not is_carried(period_kind)
    group by week_start, identity_key
    having
        min(submission_key) <> max(submission_key)
        and bool_or(submission_key = any(cast(:submission_keys as bigint[])))
    union
    select came.identity_key
    from came
    inner join fact_activity as other
        on came.identity_key = other.identity_key and came.submission_key <> other.submission_key
    where
        is_carried(other.period_kind)
        and is_carried(came.period_kind)
    union
    select identity_key
    from fact_activity
    where
        not is_counting
        and (week_start = any(cast(:week_starts as date[])) or is_carried(period_kind))
),

together as (
    select
        fact.week_start,
        fact.activity_key
    from shared
    inner join fact_activity as fact on shared.identity_key = fact.identity_key
    where
        fact.week_start = any(cast(:week_starts as date[]))
        and not is_carried(fact.period_kind)
    union all
    select
        fact.week_start,
        fact.activity_key
    from shared
    inner join fact_activity as fact on shared.identity_key = fact.identity_key
    where is_carried(fact.period_kind)
),

ranked as (
    select
        fact.week_start,
        fact.activity_key,
        fact.natural_key,
        fact.activity_name,
        fact.period_kind,
        fact.is_counting,
        version.union_id,
        version.week_id,
        version.receipt_no,
        organizer.union_id as organizer_union_id,
        first_value(version.union_id) over (
            partition by fact.identity_key
            order by
                version.union_id = organizer.union_id desc,
                fact.is_accepted desc,
                version.arrival_order asc,
                version.object_id asc
        ) as speaking_union_id,
        first_value(version.week_id) over (
            partition by fact.identity_key, version.union_id, fact.natural_key
            order by fact.is_accepted desc, version.arrival_order asc, version.object_id asc
        ) as speaking_week_id
    from together
    inner join fact_activity as fact
        on together.week_start = fact.week_start and together.activity_key = fact.activity_key
    inner join dim_submission as version on fact.submission_key = version.submission_key
    inner join dim_union as organizer on fact.organizer_union_key = organizer.union_key
),

settled as (
    select
        ranked.*,
        ranked.union_id = ranked.speaking_union_id
        and (ranked.period_kind <> 'event' or ranked.week_id = ranked.speaking_week_id) as is_to_count
    from ranked
),

changed as (
    update stored_activity as fact
    set is_counting = settled.is_to_count
    from settled
    where
        fact.week_start = settled.week_start
        and fact.activity_key = settled.activity_key
        and settled.is_counting <> settled.is_to_count
    returning
        fact.week_start,
        fact.activity_key,
        fact.is_counting,
        settled.natural_key,
        settled.activity_name,
        settled.union_id,
        settled.receipt_no,
        settled.organizer_union_id,
        settled.speaking_union_id
),

changed_figure as (
    update stored_measure as figure
    set is_counting = changed.is_counting
    from changed
    where figure.week_start = changed.week_start and figure.activity_key = changed.activity_key
    returning figure.activity_key
)

select
    changed.week_start,
    changed.is_counting,
    changed.natural_key,
    changed.activity_name,
    changed.union_id,
    changed.receipt_no,
    changed.organizer_union_id,
    changed.speaking_union_id,
    (select count(*) from changed_figure) as figure_count
from changed
order by changed.union_id, changed.receipt_no, changed.week_start, changed.natural_key;
