-- mighty_role: which of some roles may do more on the whole server than any of ours needs.
-- Grain: one row per such role. Reads: pg_roles. Params: :names (text[]).
select rolname
from pg_roles
where
    rolname = any(cast(:names as text[]))
    and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)
order by rolname;
