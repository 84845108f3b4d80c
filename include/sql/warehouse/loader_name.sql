-- loader_name: tell loader_role.sql which login loads; empty where one login does everything.
-- Grain: one row. Params: :loader. To the end of the transaction.
select set_config('nuanliu.loader', :loader, true) as loader;
