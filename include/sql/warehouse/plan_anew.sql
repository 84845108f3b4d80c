-- plan_anew: let every further statement of the transaction be planned for its own parameters.
-- Grain: one row. Params: none. A plan for whatever week reads the catalogue of all partitions.
select set_config('plan_cache_mode', 'force_custom_plan', true) as plan_cache_mode;
