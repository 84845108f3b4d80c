-- shadow_schema: empty copies of the tables that a replay fills, in a schema of their own.
-- Grain: none. Reads: nothing. Params: none. Rerun: what an earlier replay left behind goes first.
-- Keys come from the sequences of the real tables, so that rows can be taken over as they are. Foreign keys and
-- partitions are left out: one table takes the facts of every week.
do $$
declare
    name text;
begin
    drop schema if exists replay cascade;
    create schema replay;
    foreach name in array array[
        'receipt', 'finding', 'held_row', 'handed_over', 'dim_submission', 'fact_submission', 'fact_activity', 'fact_measure',
        'bridge_activity_group', 'bridge_activity_partner'
    ] loop
        execute format(
            'create table replay.%I (like public.%I including defaults including constraints including indexes)',
            name, name
        );
    end loop;
    alter table replay.dim_submission
        alter column submission_key set default nextval('public.dim_submission_submission_key_seq');
    alter table replay.receipt alter column answer_no set default nextval('public.receipt_answer_no_seq');
end $$;
