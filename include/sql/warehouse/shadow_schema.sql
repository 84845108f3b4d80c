-- shadow_schema: empty copies of the tables that a replay fills, in a schema of their own.
-- Grain: none. Reads: nothing. Params: none. Rerun: what an earlier replay left behind goes first.
-- Keys come from the sequences of the real tables, so that rows can be taken over as they are. Foreign keys are left
-- out. Facts of weeks that have no partition here, because the real table has one of that name, go to the default one.
do $$
declare
    name text;
begin
    drop schema if exists replay cascade;
    create schema replay;
    foreach name in array array[
        'receipt', 'finding', 'held_row', 'dim_submission', 'fact_submission', 'bridge_activity_group',
        'bridge_activity_partner'
    ] loop
        execute format(
            'create table replay.%I (like public.%I including defaults including constraints including indexes)',
            name, name
        );
    end loop;
    alter table replay.dim_submission
        alter column submission_key set default nextval('public.dim_submission_submission_key_seq');
    foreach name in array array['fact_activity', 'fact_measure'] loop
        execute format(
            'create table replay.%I (like public.%I including defaults including constraints including indexes) '
            'partition by range (week_start)',
            name, name
        );
        execute format('create table replay.%I partition of replay.%I default', name || '_rest', name);
    end loop;
end $$;
