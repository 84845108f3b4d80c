-- shadow_schema: empty copies of the tables that a replay fills, in a schema of their own.
-- Grain: none. Reads: nothing. Params: none. Rerun: what an earlier replay left behind goes first.
-- Keys come from the sequences of the real tables, so that rows can be taken over as they are. Foreign keys and
-- partitions are left out: one table takes the facts of every week. The views on the facts say the same over these.
do $$
declare
    name text;
    looked_up_in constant text := current_setting('search_path');
    fact_activity text;
    fact_measure text;
begin
    -- what is looked up in public is named without it
    perform set_config('search_path', 'public', true);
    fact_activity := pg_get_viewdef('public.fact_activity'::regclass);
    fact_measure := pg_get_viewdef('public.fact_measure'::regclass);
    drop schema if exists replay cascade;
    create schema replay;
    foreach name in array array[
        'receipt', 'finding', 'held_row', 'handed_over', 'dim_submission', 'fact_submission', 'stored_activity',
        'stored_measure', 'bridge_activity_group', 'bridge_activity_partner'
    ] loop
        execute format(
            'create table replay.%I (like public.%I including defaults including constraints including indexes)',
            name, name
        );
    end loop;
    alter table replay.dim_submission
        alter column submission_key set default nextval('public.dim_submission_submission_key_seq');
    alter table replay.receipt alter column answer_no set default nextval('public.receipt_answer_no_seq');
    perform set_config('search_path', 'replay, public', true);
    execute 'create view replay.fact_activity as ' || fact_activity;
    execute 'create view replay.fact_measure as ' || fact_measure;
    perform set_config('search_path', looked_up_in, true);
end $$;
