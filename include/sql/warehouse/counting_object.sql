-- counting_object: the objects whose rows count in some weeks.
-- Grain: one row per object. Reads: dim_submission, registry. Params: :week_starts (date[]).
-- One that is being answered is left out: where its bytes lie is not settled yet.
select registry.object_id
from dim_submission
inner join registry on dim_submission.object_id = registry.object_id
where
    dim_submission.superseded_at is null
    and dim_submission.fact_weeks && cast(:week_starts as date[])
    and registry.state <> 'claimed'
order by registry.object_id;
