-- withdraw_claim: forget a claim whose file was taken back before it was read; one with a receipt stays.
-- Grain: one row. Params: :object_id (of the registry). Rerun: finds none.
-- With the rights of the tables' owner, whoever calls.
select withdraw_claim(cast(:object_id as bigint)) as withdrawn;
