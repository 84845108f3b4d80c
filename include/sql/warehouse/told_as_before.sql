-- told_as_before: what a kept or replayed receipt has told of activities that moved to their organiser's report.
-- Grain: one row per activity of the shadow that is noted as told. Changes: the shadow's handed_over. Reads: the real
-- one, the shadow's receipt. Params: none. Rerun: finds none.
-- A version that is played again notes anew what it took over; a receipt that is kept has told of it already.
update replay.handed_over as moved
set told_receipt_no = known.told_receipt_no
from public.handed_over as known
inner join replay.receipt as said on known.told_receipt_no = said.receipt_no
where
    moved.told_receipt_no is null
    and moved.object_id = known.object_id
    and moved.union_id = known.union_id
    and moved.natural_key = known.natural_key
    and moved.week_start = known.week_start
    and moved.is_given_back = known.is_given_back;
