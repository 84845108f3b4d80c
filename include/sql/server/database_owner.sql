-- database_owner: the database, its schema public and everything in it belong to one role, and nobody else may enter.
-- Grain: none. Params: none; role_settings.sql has told the owner. Run in that database.
-- Rerun: finds nothing to change.
-- What an extension brought stays with whoever made the extension.
do $$
declare
    owner constant text := current_setting('nuanliu.owner');
    found record;
begin
    execute format('alter database %I owner to %I', current_database(), owner);
    execute format('revoke all on database %I from public', current_database());
    revoke create on schema public from public;
    for found in
        select nspname as name
        from pg_namespace
        where nspname not like 'pg\_%' and nspname <> 'information_schema' and nspowner <> owner::regrole
    loop
        execute format('alter schema %I owner to %I', found.name, owner);
    end loop;
    for found in
        select
            case relation.relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end as kind,
            relation.oid::regclass::text as name
        from pg_class as relation
        where
            relation.relnamespace = 'public'::regnamespace
            and relation.relkind in ('r', 'p', 'v', 'S')
            and relation.relowner <> owner::regrole
            and not exists (
                -- of an extension, or the sequence of a column, which goes with its table
                select from pg_depend
                where
                    pg_depend.classid = 'pg_class'::regclass
                    and pg_depend.objid = relation.oid
                    and (pg_depend.deptype = 'e' or relation.relkind = 'S' and pg_depend.deptype in ('i', 'a'))
            )
    loop
        execute format('alter %s %s owner to %I', found.kind, found.name, owner);
    end loop;
    for found in
        select word_list.oid::regtype::text as name
        from pg_type as word_list
        where
            word_list.typnamespace = 'public'::regnamespace
            and word_list.typtype = 'e'
            and word_list.typowner <> owner::regrole
    loop
        execute format('alter type %s owner to %I', found.name, owner);
    end loop;
    for found in
        select routine.oid::regprocedure::text as name
        from pg_proc as routine
        where
            routine.pronamespace = 'public'::regnamespace
            and routine.proowner <> owner::regrole
            and not exists (
                select from pg_depend
                where
                    pg_depend.classid = 'pg_proc'::regclass
                    and pg_depend.objid = routine.oid
                    and pg_depend.deptype = 'e'
            )
    loop
        execute format('alter routine %s owner to %I', found.name, owner);
    end loop;
end $$;
