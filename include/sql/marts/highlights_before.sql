-- highlights_before: when each prefecture was told last in 本周亮点, as the newest edition before a week has it.
-- Grain: one row, or none where no earlier edition tells any. Reads: edition. Params: :week_id.
-- Weeks are named so that their names sort as they follow one another.
select edition.document -> 'highlights' -> 'last_told' as last_told
from edition
where edition.week_id < :week_id and edition.document -> 'highlights' is not null
order by edition.week_id desc, edition.edition_no desc
limit 1;
