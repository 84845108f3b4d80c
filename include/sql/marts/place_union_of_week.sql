-- place_union_of_week: the union for which each place counts in a week: of the county, else of the prefecture, else of
-- the province.
-- Grain: one row per division. Reads: dim_division, and dim_union through the function union_of_week.
-- Params: :week_start (a Monday). As mart_week_figure has it.
with recursive division_step as (
    select
        division_code,
        division_code as step_code,
        0 as step
    from dim_division
    union all
    select
        division_step.division_code,
        dim_division.parent_code as step_code,
        division_step.step + 1 as step
    from division_step
    inner join dim_division on division_step.step_code = dim_division.division_code
    where dim_division.parent_code is not null and division_step.step < 9
)

select distinct on (division_step.division_code)
    division_step.division_code,
    unit.union_id
from division_step
inner join union_of_week(cast(:week_start as date)) as unit
    on
        division_step.step_code = unit.division_code
        and unit.level in ('county', 'special', 'prefecture', 'province')
order by division_step.division_code asc, division_step.step asc, unit.union_id asc;
