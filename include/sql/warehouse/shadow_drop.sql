-- shadow_drop: take away what a replay worked in.
-- Grain: none. Params: none. Rerun: finds nothing.
drop schema if exists replay cascade;
