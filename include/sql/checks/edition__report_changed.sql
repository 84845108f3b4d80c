-- edition__report_changed: every file of a published edition lies in reports/ as it was published.
-- Grain: one row per file that is gone or has other bytes. Reads: edition.
-- Params: :report_keys, :report_hashes (text[] of one length, the objects under reports/ and the sha256 of each),
-- :first_week_id, :last_week_id (as 2024-W49, both included).
with published as (
    select
        named.object_key,
        named.sha256
    from edition
    cross join lateral jsonb_each_text(edition.files) as named (object_key, sha256)
    where edition.week_id between :first_week_id and :last_week_id
),

stored as (
    select
        report.object_key,
        report.sha256
    from unnest(cast(:report_keys as text[]), cast(:report_hashes as text[])) as report (object_key, sha256)
)

select
    published.object_key as subject,
    'sha256 ' || published.sha256 as expected,
    coalesce('sha256 ' || stored.sha256, 'no such object in the bucket') as found
from published
left join stored on published.object_key = stored.object_key
where published.sha256 is distinct from stored.sha256
order by published.object_key;
