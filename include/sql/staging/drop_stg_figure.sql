-- drop_stg_figure: staging is empty again, so that one transaction can load several submissions.
-- Params: none.
drop table stg_figure;
