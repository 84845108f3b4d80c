-- may_change_schema: whether this login may make tables, and whether those that are there are its own.
-- Grain: one row. Reads: pg_class. Params: none.
select
    has_schema_privilege('public', 'create')
    and coalesce(bool_and(pg_has_role(relation.relowner, 'usage')), true) as may_change
from pg_class as relation
where relation.oid = to_regclass('public.alembic_version');
