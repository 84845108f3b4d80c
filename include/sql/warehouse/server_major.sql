-- server_major: the server's version, 15 or 18.
-- Grain: one row. Reads: nothing. Params: none.
select cast(current_setting('server_version_num') as integer) / 10000 as server_major;
