"""The identities file of SeaweedFS, the store that docker-compose.yaml ships: who has which key, and which policy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nuanliu.operations.upkeep.policies import PIPELINE, Policy

FILE = "seaweedfs.json"


def identities(documents: Mapping[str, Policy]) -> dict[str, Any]:
    """The file that ``weed server -s3.config`` reads, from policies by name.

    It holds no secret: SeaweedFS puts variables of its own environment into keys, and an account whose variable is empty
    has no key, so that nobody can use it.
    """
    return {
        "identities": [_administrator(), *(_holder(name) for name in documents)],
        "policies": [
            {"name": name, "content": json.dumps(document, ensure_ascii=False, separators=(",", ":"))}
            for name, document in documents.items()
        ],
    }


def secret_reference(name: str) -> str:
    """What stands for the secret key of who has a policy: ``${NUANLIU_KEY_UNION_620400}``."""
    if name == PIPELINE:
        return "${NUANLIU_PIPELINE_PASSWORD}"
    return f"${{NUANLIU_KEY_{name.upper().replace('-', '_')}}}"


def _holder(name: str) -> dict[str, Any]:
    user = "${NUANLIU_PIPELINE_USER}" if name == PIPELINE else name
    return {
        "name": name,
        "credentials": [{"accessKey": user, "secretKey": secret_reference(name)}],
        # Actions beside them would count as rights of their own.
        "policyNames": [name],
    }


def _administrator() -> dict[str, Any]:
    """Makes the bucket and is used for nothing else."""
    return {
        "name": "administrator",
        "credentials": [{"accessKey": "${NUANLIU_OBJECTS_USER}", "secretKey": "${NUANLIU_OBJECTS_PASSWORD}"}],
        "actions": ["Admin"],
    }
