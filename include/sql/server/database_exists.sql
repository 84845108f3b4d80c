-- database_exists: whether the server has a database.
-- Grain: one row. Reads: pg_database. Params: :name.
select count(*) = 1 as is_there
from pg_database
where datname = :name;
