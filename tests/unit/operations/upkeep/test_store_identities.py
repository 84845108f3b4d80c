"""The identities of the shipped store. That SeaweedFS does what its source says was read, not run (docs/decisions/0022)."""

from __future__ import annotations

import json
import re
from typing import Any

from nuanliu.operations.upkeep.policies import policy_documents
from nuanliu.operations.upkeep.store_identities import FILE, identities, secret_reference
from nuanliu.running.airflow_env import PROJECT_DIR

DOCUMENTS = policy_documents("s3://nuanliu")
MADE = identities(DOCUMENTS)
ACCOUNTS: dict[str, dict[str, Any]] = {each["name"]: each for each in MADE["identities"]}
REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


def test_every_policy_is_there_unchanged_and_belongs_to_one_account() -> None:
    assert {each["name"]: json.loads(each["content"]) for each in MADE["policies"]} == DOCUMENTS
    assert {name: each.get("policyNames") for name, each in ACCOUNTS.items()} == {
        "administrator": None,
        **{name: [name] for name in DOCUMENTS},
    }


def test_no_account_but_the_administrator_has_rights_beside_its_policy() -> None:
    assert [name for name, each in ACCOUNTS.items() if "actions" in each] == ["administrator"]


def test_no_secret_stands_in_the_file_and_no_two_accounts_share_a_key() -> None:
    secrets = [key["secretKey"] for each in MADE["identities"] for key in each["credentials"]]
    assert all(REFERENCE.fullmatch(secret) for secret in secrets)
    users = [key["accessKey"] for each in MADE["identities"] for key in each["credentials"]]
    assert len(set(secrets)) == len(secrets) == len(set(users)) == len(DOCUMENTS) + 1


def test_nobody_is_let_in_without_a_key() -> None:
    """SeaweedFS gives whoever sends no key the rights of an account of this name."""
    assert "anonymous" not in ACCOUNTS
    assert all(each["credentials"] for each in ACCOUNTS.values())


def test_the_variable_of_a_key_is_one_that_an_env_file_can_name() -> None:
    assert secret_reference("union-620400") == "${NUANLIU_KEY_UNION_620400}"
    assert all(re.fullmatch(r"\$\{[A-Z][A-Z0-9_]*\}", secret_reference(name)) for name in DOCUMENTS)


def test_the_shipped_file_is_the_generated_one() -> None:
    """Made by ``nuanliu policies --bucket s3://nuanliu -o DIR``."""
    assert json.loads((PROJECT_DIR / "deploy" / FILE).read_text("utf-8")) == MADE
