-- login_role: a role that may log in and nothing more.
-- Grain: none. Params: none; role_settings.sql has told login and verifier. Rerun: sets the password again.
do $$
declare
    login constant text := current_setting('nuanliu.login');
begin
    if not exists (select from pg_roles where rolname = login) then
        execute format('create role %I login', login);
    end if;
    execute format('alter role %I login password %L', login, current_setting('nuanliu.verifier'));
end $$;
