-- partition: which of the given partition names exist.
-- Grain: one row per existing partition. Reads: pg_inherits.
-- Params: :names (text[]).
select child.relname as partition_name
from pg_inherits
inner join pg_class as child on pg_inherits.inhrelid = child.oid
where child.relname = any(:names) and pg_table_is_visible(child.oid);
