-- loader_role: what the login that loads may do, table by table: no more than the pipeline's tasks and commands do.
-- Grain: none. Params: none; loader_name.sql has told the login. Rerun: takes everything away and grants it again, also
-- what was restored without its grants.
-- Editions, receipts, findings and what people decided are never deleted or rewritten; where a state moves on, its
-- columns stand in brackets. Who owns the tables is not held back by any of this: one login for everything goes on.
do $$
declare
    loader constant text := coalesce(current_setting('nuanliu.loader', true), '');
    may record;
begin
    revoke all on function make_week_partitions(date) from public;
    revoke all on function withdraw_claim(bigint) from public;
    if loader in ('', current_user) then
        return;
    end if;
    execute format('revoke all on all tables in schema public from %I', loader);
    execute format('grant usage on schema public to %I', loader);
    execute format('grant select on all tables in schema public to %I', loader);
    execute format('alter default privileges in schema public grant select on tables to %I', loader);
    execute format('grant usage on sequence stored_activity_activity_key_seq to %I', loader);
    execute format('grant select on all sequences in schema public to %I', loader); -- for a backup
    execute format('grant execute on function make_week_partitions(date) to %I', loader);
    execute format('grant execute on function withdraw_claim(bigint) to %I', loader);
    for may in
        select
            given.name,
            given.what
        from (
            values
            ('answered_again', 'insert'),
            ('bridge_activity_group', 'insert, delete'),
            ('bridge_activity_partner', 'insert, delete'),
            ('deletion', 'insert, update (deleted_at, withdrawn_at)'),
            ('dim_campaign', 'insert'),
            ('dim_partner', 'insert'),
            ('dim_submission', 'insert, update (superseded_at, superseded_by)'),
            ('edition', 'insert'),
            ('fact_submission', 'insert, update (loaded_at, answered_at)'),
            ('figure_change', 'insert'),
            ('finding', 'insert'),
            ('handed_over', 'insert, update (told_receipt_no), delete'),
            ('held_row', 'insert'),
            ('learned_alias', 'insert, update (target_id, person, confirmed_at)'),
            ('mail_decision', 'insert'),
            ('mart_campaign_week', 'insert, delete'),
            ('mart_cumulative', 'insert, delete'),
            ('mart_week_coverage', 'insert, delete'),
            ('mart_week_figure', 'insert, delete'),
            ('name_proposal', 'insert, update (drop_count, last_receipt_no, state)'),
            ('outbox', 'insert, update (state, attempt_count, last_error, sent_at)'),
            ('published_figure', 'insert, update (value, exactness)'),
            ('receipt', 'insert, update (touched_weeks, written_at)'),
            ('reconciled_week', 'insert, update (clean_at), delete'),
            ('registry', 'insert, update (attempt_count, state, stored_key, finished_at)'),
            ('released_query', 'insert'),
            ('stale_week', 'insert, delete'),
            ('stored_activity', 'insert, update (is_counting), delete'),
            ('stored_measure', 'insert, update (is_counting), delete'),
            ('tolerance', 'insert, update (ended_at, ended_by)')
        ) as given (name, what)
    loop
        execute format('grant %s on table %I to %I', may.what, may.name, loader);
    end loop;
end $$;
