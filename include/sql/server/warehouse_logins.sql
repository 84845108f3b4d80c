-- warehouse_logins: loader and reader may enter the warehouse; what they may do there is granted by its owner.
-- Grain: none. Params: none; role_settings.sql has told owner, loader and reader. Run in the warehouse.
-- Rerun: grants again.
-- The board's role belongs to the whole server: it reads, and reader, loader and owner may take it.
do $$
declare
    owner constant text := current_setting('nuanliu.owner');
    loader constant text := current_setting('nuanliu.loader');
    reader constant text := current_setting('nuanliu.reader');
begin
    if not exists (select from pg_roles where rolname = 'nuanliu_board') then
        create role nuanliu_board nologin;
    end if;
    execute format('grant connect, temporary on database %I to %I', current_database(), loader);
    execute format('grant nuanliu_board to %I, %I', owner, loader);
    if reader <> '' then
        execute format('grant connect on database %I to %I', current_database(), reader);
        execute format('grant nuanliu_board to %I', reader);
        execute format('alter role %I set default_transaction_read_only = on', reader);
    end if;
end $$;
