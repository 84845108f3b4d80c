"""What the pages for a server tell to type is there to be typed: commands, services, targets, the blocks that are played."""

from __future__ import annotations

import re
import subprocess

import pytest
from tests.compose_file import composed, drawn_values
from typer.main import get_command

from nuanliu.cli.app import app
from nuanliu.running.airflow_env import PROJECT_DIR

OPERATIONS = "docs/engineers/operations.md"
PAGES = {
    name: (PROJECT_DIR / name).read_text("utf-8")
    for name in (
        OPERATIONS,
        "docs/engineers/logins.md",
        "docs/engineers/settings.md",
        "docs/runbook.md",
        "README.md",
    )
}
BLOCKS = dict(re.findall(r"^```bash (\S+)\n(.*?)^```$", PAGES[OPERATIONS], re.MULTILINE | re.DOTALL))
SERVICES = composed(drawn_values())["services"]
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
FOLDER = PROJECT_DIR / "scripts" / "try_compose"
SCRIPTS = "\n".join(path.read_text() for path in FOLDER.rglob("*.sh"))
OWNERS = {"init", "replay", "restore", "roles"}
"""What changes tables or logins."""
_IN_A_SERVICE = re.compile(
    r"docker compose (?:--profile \S+ )?(exec|run|cp|logs|rm|stop|restart)((?: -{1,2}\w+)*)((?: [a-z][a-z0-9-]*)+)"
)


def code_of(page: str) -> list[str]:
    """What stands in code: lines of blocks, and what stands between backticks."""
    text = PAGES[page]
    blocks = re.findall(r"^    (\S.*)$", text, re.MULTILINE) + re.findall(
        r"^```bash.*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    )
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_ours_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(r"(?<![\w./-])(?<!helm install )nuanliu ([a-z]+)(?: ([a-z]+))?", "\n".join(code_of(page)))
    assert named
    for command, below in named:
        assert command in COMMANDS, f"nuanliu {command}"
        group = getattr(COMMANDS[command], "commands", None)
        assert group is None or below in {*group, ""}, f"nuanliu {command} {below}"


@pytest.mark.parametrize("page", PAGES)
def test_every_target_that_a_page_names_is_in_the_makefile(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT_DIR / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?<![\w-])make ([a-z-]+)", "\n".join(code_of(page)))) <= targets


@pytest.mark.parametrize("page", PAGES)
def test_every_service_that_a_page_names_is_in_the_compose_file(page: str) -> None:
    for line in code_of(page):
        for verb, _, words in _IN_A_SERVICE.findall(line):
            named = words.split()
            services = named if verb in ("stop", "rm", "logs", "restart") else named[:1]
            assert set(services) <= set(SERVICES), line


@pytest.mark.parametrize("page", PAGES)
def test_what_changes_tables_runs_as_their_owner_and_nothing_else_does(page: str) -> None:
    for line in code_of(page):
        for service, command in re.findall(
            r"docker compose (?:exec|run)\S*(?: -{1,2}\w+)* ([\w-]+) nuanliu ([a-z]+)", line
        ):
            may_either = {"standstill"}
            assert command in may_either or (command in OWNERS) == (service == "init"), line


def test_who_restores_sees_the_backups_where_those_who_make_them_do() -> None:
    mounts = {
        name: {volume.split(":")[1] for volume in SERVICES[name]["volumes"]} for name in ("init", "airflow-scheduler")
    }
    assert "/opt/airflow/backups" in mounts["init"] & mounts["airflow-scheduler"]


def test_every_block_that_is_marked_is_played_and_every_one_that_is_played_is_there() -> None:
    played = set(re.findall(r"\bfollow ([a-z-]+)", SCRIPTS))
    assert played == set(BLOCKS)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_says_how_it_is_called_is_bash_and_asks_nobody(name: str) -> None:
    assert BLOCKS[name].startswith(f"# {name}\n"), "what stands behind the fence is not shown"
    assert subprocess.run(["bash", "-n"], input=BLOCKS[name], text=True, check=False).returncode == 0
    assert "…" not in BLOCKS[name]


def test_a_block_uses_no_variable_that_the_page_does_not_set() -> None:
    used = {name for block in BLOCKS.values() for name in re.findall(r"\$(\w+)", block)}
    told = PAGES[OPERATIONS]
    assert [name for name in used if not re.search(rf"\b{name}=", told)] == []
