-- drop_cause: what a drop did to the figures that it changed.
-- Grain: one row, none for a drop that loaded nothing. Reads: dim_submission, answered_again. Params: :object_id.
-- A file that is answered again has not changed: an engineer let a row of it pass. A file that took the place of one
-- with activities corrects it; every other adds.
select
    case
        when answered_again.object_id is not null then '核实放行'
        when
            submission.submission_type <> '补充'
            and exists (
                select earlier.submission_key
                from dim_submission as earlier
                where earlier.superseded_by = submission.submission_key and cardinality(earlier.fact_weeks) > 0
            )
            then '更正'
        else '补报'
    end as reason
from dim_submission as submission
left join answered_again on submission.object_id = answered_again.object_id
where submission.object_id = :object_id;
