-- stg_figure: the accepted figures of one submission, between COPY and the facts. Gone with its transaction.
-- Grain: one row per figure. Params: none. Rerun: the caller drops it after the load.
create temporary table stg_figure (
    activity_id bigint not null,
    measure_id text not null,
    value_cents bigint not null,
    exactness smallint not null,
    raw_text text not null,
    source_sheet text,
    source_row integer not null,
    source_cell text not null
) on commit drop;
