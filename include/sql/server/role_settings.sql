-- role_settings: what the other statements of this folder are told; DDL takes no parameters.
-- Grain: one row. Params: :login, :verifier (of its password, as PostgreSQL keeps it), :owner, :loader, :reader; empty
-- where a statement needs none. To the end of the session.
select
    set_config('nuanliu.login', :login, false) as told_login,
    set_config('nuanliu.verifier', :verifier, false) as told_verifier,
    set_config('nuanliu.owner', :owner, false) as told_owner,
    set_config('nuanliu.loader', :loader, false) as told_loader,
    set_config('nuanliu.reader', :reader, false) as told_reader;
