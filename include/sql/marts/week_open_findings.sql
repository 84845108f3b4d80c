-- week_open_findings: what some receipts still ask for.
-- Grain: one row per receipt and rule. Reads: finding. Params: :receipts (text[]).
-- A query that was answered is a finding of severity info and open no more.
select
    receipt_no,
    rule,
    count(*) as findings
from finding
where
    receipt_no = any(cast(:receipts as text[]))
    and severity in ('error', 'query')
group by receipt_no, rule
order by receipt_no asc, min(ordinal) asc;
