-- drop_stg_activity: staging is empty again, so that one transaction can load several submissions.
-- Params: none.
drop table stg_activity;
