-- become_board: go on as the board's role, to the end of the session.
-- Grain: one row, none where the role does not exist or is not ours to take. Reads: pg_roles. Params: none.
select set_config('role', rolname, false) as board_role
from pg_roles
where
    rolname = 'nuanliu_board'
    and pg_has_role(
        current_user,
        oid,
        case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
    );
