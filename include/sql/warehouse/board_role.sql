-- board_role: the role as which the board reads: it may look at every table but the outbox, and write nowhere.
-- Grain: none. Params: none. Rerun: finds the role and grants again, also what was restored without its grants.
-- The role belongs to the whole server; two warehouses on one may make it at the same time. Where the caller may not
-- make roles nothing happens: the board's transactions are read-only all the same.
do $$
declare
    may_take text;
begin
    if not exists (select from pg_roles where rolname = 'nuanliu_board') then
        begin
            create role nuanliu_board nologin;
        exception
            when duplicate_object or unique_violation then null;
        end;
    end if;
    -- who makes a role is its member at once, yet from version 16 on may not take it
    may_take := case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end;
    if not pg_has_role(current_user, 'nuanliu_board', may_take) then
        execute format('grant nuanliu_board to %I', current_user);
    end if;
    grant usage on schema public to nuanliu_board;
    grant select on all tables in schema public to nuanliu_board;
    revoke all on table outbox from nuanliu_board;
    alter default privileges in schema public grant select on tables to nuanliu_board;
exception
    when insufficient_privilege then
        raise notice 'no role nuanliu_board: %', sqlerrm;
end $$;
