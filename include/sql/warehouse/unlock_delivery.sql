-- unlock_delivery: let the next session send mails.
-- Grain: none. Params: none.
select pg_advisory_unlock(hashtextextended('nuanliu/delivery', 0));
