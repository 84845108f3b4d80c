-- has_content: whether anything was ever taken in, answered or published here.
-- Grain: one row. Reads: registry, edition, outbox. Params: none.
select
    exists (select registry.object_id from registry)
    or exists (select edition.edition_key from edition)
    or exists (select outbox.mail_key from outbox) as has_content;
