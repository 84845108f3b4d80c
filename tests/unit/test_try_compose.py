"""scripts/try_compose.sh fits the compose file that it boots: every image has a stand-in, every step is one that the player knows."""

from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatchcase

import pytest
from tests.compose_file import composed, drawn_values

from nuanliu.running.airflow_env import PROJECT_DIR

SCRIPT = PROJECT_DIR / "scripts" / "try_compose.sh"
FOLDER = PROJECT_DIR / "scripts" / "try_compose"
SHELL = [SCRIPT, *sorted(FOLDER.rglob("*.sh"))]
DOCKERFILE = (FOLDER / "stand_ins" / "Dockerfile").read_text()
WHOLE = composed(drawn_values())
IMAGES = {service["image"] for service in WHOLE["services"].values()} - {"nuanliu:local"}
BASE = WHOLE["services"]["init"]["build"]["args"]["BASE"]


@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_the_scripts_are_bash_and_may_be_run(path: object) -> None:
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


@pytest.mark.parametrize("image", sorted({*IMAGES, BASE}))
def test_every_image_has_a_stand_in_that_says_what_it_is(image: str) -> None:
    cases = dict(re.findall(r"^ +(\S+)\) target=(\w+) ;;$", (FOLDER / "stand_ins.sh").read_text(), re.MULTILINE))
    (target,) = {target for pattern, target in cases.items() if fnmatchcase(image, pattern)}
    stages = re.findall(r"^FROM \S+ AS (\w+)\nLABEL nuanliu.stand-in=", DOCKERFILE, re.MULTILINE)
    assert target in stages


def test_every_step_is_known_to_the_player_and_every_step_of_it_is_played() -> None:
    text = "\n".join(path.read_text() for path in SHELL)
    played = set(re.findall(r"^ *(?:note|play) ([a-z-]+)", text, re.MULTILINE))
    steps = (FOLDER / "player" / "__main__.py").read_text().partition("STEPS = {")[2].partition("}")[0]
    assert played == set(re.findall(r'^ +"([a-z-]+)":', steps, re.MULTILINE))


def test_the_shipped_file_runs_and_no_copy_of_it() -> None:
    compose = [
        line
        for path in SHELL
        for line in path.read_text().splitlines()
        if "docker compose" in line and not line.startswith("#")
    ]
    assert compose
    assert [line for line in compose if re.search(r"\s(-f|--file)\b", line)] == []


def test_every_part_that_is_named_is_there_and_is_played_by_default() -> None:
    parts = {path.stem for path in (FOLDER / "parts").iterdir()}
    (default,) = re.findall(r"parts=\(([a-z ]+)\)", SCRIPT.read_text())
    told = re.findall(r"^#     ([a-z]+) {2,}\S", SCRIPT.read_text(), re.MULTILINE)
    assert set(default.split()) == parts == set(told)
