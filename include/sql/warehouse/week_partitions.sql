-- week_partitions: make the partitions of both fact tables for one week; fails where they are.
-- Grain: one row. Params: :monday (date). With the rights of the tables' owner, whoever calls.
select make_week_partitions(cast(:monday as date)) as made;
