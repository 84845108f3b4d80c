"""docker-compose.yaml as compose reads it: with the values of an .env put in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = (PROJECT_DIR / "docker-compose.yaml").read_text()
EXAMPLE = (PROJECT_DIR / ".env.example").read_text()
SECRET_FOLDER = "./secrets/"
_REFERENCE = re.compile(r"\$\$|\$\{(?P<name>[A-Z0-9_]+)(?:(?P<kind>:[-?+])(?P<word>[^}]*))?\}")


def env_values(text: str) -> dict[str, str]:
    """The variables of an .env file."""
    return dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", text, re.MULTILINE))


def drawn_values() -> dict[str, str]:
    """What .env holds after `make compose-secrets`, the secrets apart: these are all alike."""
    drawn = env_values(EXAMPLE.split("# --- secrets")[1].split("\n\n")[0])
    return env_values(EXAMPLE) | dict.fromkeys(drawn, "a-secret")


def variable_of(secret: Mapping[str, str]) -> str:
    """The variable of .env from which `make compose-secrets` writes the file of an entry of ``secrets:``."""
    return "NUANLIU_" + secret["file"].removeprefix(SECRET_FOLDER).upper()


def interpolated(source: str, values: Mapping[str, str]) -> str:
    """``${A}``, ``${A:-word}``, ``${A:+word}`` and ``${A:?word}`` replaced, ``$$`` made ``$``. Raises: ValueError for a missing value."""

    def replaced(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        value = values.get(match["name"], "")
        if match["kind"] == ":+":
            return match["word"] if value else ""
        if value or match["kind"] is None:
            return value
        if match["kind"] == ":?":
            raise ValueError(f"{match['name']}: {match['word']}")
        return match["word"] or ""

    return _REFERENCE.sub(replaced, source)


def composed(values: Mapping[str, str], source: str = SOURCE) -> dict[str, Any]:
    """The whole file with these values, put in after parsing, as compose does: no value can change the file's shape."""

    def filled(node: Any) -> Any:
        match node:
            case dict():
                return {key: filled(value) for key, value in node.items()}
            case list():
                return [filled(item) for item in node]
            case str():
                return interpolated(node, values)
        return node

    whole: dict[str, Any] = filled(yaml.safe_load(source))
    return whole
