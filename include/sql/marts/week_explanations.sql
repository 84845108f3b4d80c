-- week_explanations: what unions said of figures that a rule asked about, as far as these count in one week.
-- Grain: one row per answered query of an activity in a current submission.
-- Reads: fact_activity, dim_submission, finding.
-- Params: :week_start (a Monday), :rules (text[]: the rules that 说明 may answer).
-- A query that was answered is a finding of severity info; the row it stands on says why.
select
    activity.reporting_union_id as union_id,
    activity.activity_name as activity,
    answered.rule,
    answered.column_header,
    answered.value,
    activity.explanation
from fact_activity as activity
inner join dim_submission as submission on activity.submission_key = submission.submission_key
inner join finding as answered
    on
        submission.receipt_no = answered.receipt_no
        and activity.source_row = answered.source_row
        and coalesce(activity.source_sheet, '') = coalesce(answered.sheet, '')
where
    activity.week_start = :week_start
    and activity.is_counting
    and activity.explanation is not null
    and answered.severity = 'info'
    and answered.rule = any(cast(:rules as text[]))
order by
    activity.reporting_union_id asc,
    answered.receipt_no asc,
    answered.ordinal asc;
