-- export_snapshot: a name under which others can read what this transaction reads, and how old the server is.
-- Grain: one row. Reads: nothing. Params: none. The transaction must be repeatable read and stay open.
select
    pg_export_snapshot() as snapshot_name,
    cast(current_setting('server_version_num') as integer) / 10000 as server_major;
