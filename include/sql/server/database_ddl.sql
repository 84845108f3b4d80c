-- database_ddl: the statement that makes a database; it must run outside of a transaction, so no block can do it.
-- Grain: one row. Params: :name, :owner.
select
    format(
        'create database %I owner %I encoding ''UTF8'' locale ''C'' template template0',
        cast(:name as text),
        cast(:owner as text)
    ) as ddl;
