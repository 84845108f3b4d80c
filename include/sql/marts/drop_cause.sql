-- drop_cause: what a drop did to the figures that it changed.
-- Grain: one row, none for a drop that loaded nothing. Reads: dim_submission, and through the function
-- reason_of_version answered_again. Params: :object_id.
select reason_of_version(submission_key, submission_type, object_id) as reason
from dim_submission
where object_id = :object_id;
