-- load_memory: let the joins and sorts that follow a load stay in memory for the rest of this transaction.
-- Grain: one row. Params: none. A hundred thousand rows already spill to disk with PostgreSQL's default of 4 MB.
select set_config('work_mem', '128MB', true) as work_mem;
