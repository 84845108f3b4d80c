-- published_values: what editions said of a union's totals of the weeks' own events, in the order of their publication.
-- Grain: one row per edition and figure that stands in it, after one per step that it tells (of whatever week).
-- What was published before the first of the weeks tells nothing of them, and is not unpacked.
-- Reads: edition.
-- Params: :union_id, :first, :last (week ids of the figures).
with told as (
    select
        edition.edition_key,
        revision.number,
        revision.entry as revision,
        edition.notes -> 'revision_steps' -> cast(revision.number - 1 as integer) as step,
        cast(null as jsonb) as figure
    from edition
    cross join lateral jsonb_array_elements(edition.document -> 'revisions') with ordinality as revision (entry, number)
    where
        edition.published_at >= (
            select min(own.published_at)
            from edition as own
            where own.week_id between :first and :last
        )
        and revision.entry ->> 'week' between :first and :last
        and split_part(revision.entry ->> 'figure_id', '/', 2) = :union_id
),

stood as (
    select
        edition.edition_key,
        cast(null as bigint) as number,
        cast(null as jsonb) as revision,
        cast(null as jsonb) as step,
        figure.entry as figure
    from edition
    cross join lateral jsonb_array_elements(edition.document -> 'figures') as figure (entry)
    where
        edition.week_id between :first and :last
        and figure.entry ->> 'union_id' = :union_id
        and figure.entry ->> 'category' = 'all'
        and figure.entry ->> 'period_kind' = 'event'
        and figure.entry ->> 'scope' = 'own'
        and figure.entry ->> 'basis' = 'organizer'
),

said as (
    select * from told
    union all
    select * from stood
)

select
    edition.published_at,
    edition.week_id,
    edition.edition_no,
    said.revision,
    said.step,
    said.figure
from said
inner join edition on said.edition_key = edition.edition_key
order by edition.published_at, edition.edition_key, said.number nulls last;
