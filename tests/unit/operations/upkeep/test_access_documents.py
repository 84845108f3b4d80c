"""`nuanliu policies`: the files for whoever keeps the object store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.operations.upkeep.policies import policy_documents
from nuanliu.operations.upkeep.store_identities import FILE, identities

if TYPE_CHECKING:
    from pathlib import Path


def test_the_command_writes_one_file_a_policy_and_all_of_them_as_the_shipped_store_reads_them(tmp_path: Path) -> None:
    arguments = ["policies", "-o", str(tmp_path / "new"), "--bucket", "s3://b/root", "--json"]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    written = {path.name: json.loads(path.read_text("utf-8")) for path in (tmp_path / "new").iterdir()}
    assert sorted(json.loads(result.stdout)["files"]) == sorted(written)
    policies = policy_documents("s3://b/root")
    assert written == {**{f"{name}.json": each for name, each in policies.items()}, FILE: identities(policies)}


def test_the_command_gives_the_right_to_delete_when_it_is_told(tmp_path: Path) -> None:
    CliRunner().invoke(
        app, ["policies", "--retention", "-o", str(tmp_path), "--bucket", "s3://b"], catch_exceptions=False
    )
    assert json.loads((tmp_path / FILE).read_text("utf-8")) == identities(policy_documents("s3://b", retention=True))
