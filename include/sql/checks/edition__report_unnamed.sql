-- edition__report_unnamed: every object of reports/ is a file of a published edition.
-- Grain: one row per object that no edition names. Reads: edition.
-- Params: :report_keys (text[], what the bucket holds under reports/).
-- Files of a week's next edition are written before it is: a publication that is under way, or was killed and will be
-- done again, is no difference.
with published as (
    select named.object_key
    from edition
    cross join lateral jsonb_object_keys(edition.files) as named (object_key)
),

next_edition as (
    select
        week_id,
        max(edition_no) + 1 as edition_no
    from edition
    group by week_id
),

stored as (
    select
        report.object_key,
        split_part(report.object_key, '/', 2) as week_id,
        split_part(report.object_key, '/', 3) as folder
    from unnest(cast(:report_keys as text[])) as report (object_key)
)

select
    stored.object_key as subject,
    'an edition that names it' as expected,
    'none' as found
from stored
left join published on stored.object_key = published.object_key
left join next_edition on stored.week_id = next_edition.week_id
where
    published.object_key is null
    and stored.folder <> 'edition-' || coalesce(next_edition.edition_no, 1)
order by stored.object_key;
