-- activity_keys: the first keys of some thousands of activities, which nobody else gets.
-- Grain: one row per thousand, ascending. Params: :count.
-- Keys that are taken and not used are lost, which does no harm.
select nextval('stored_activity_activity_key_seq') as first_key
from generate_series(1, :count);
