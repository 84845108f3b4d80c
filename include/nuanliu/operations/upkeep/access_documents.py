"""What an object store must be told about access, written as files for whoever keeps it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nuanliu.domain import schemas
from nuanliu.operations.upkeep.policies import policy_documents
from nuanliu.operations.upkeep.store_identities import FILE, identities


def write_policies(bucket_url: str, folder: Path, *, retention: bool = False) -> dict[str, Any]:
    """Write one policy for each union, one for the pipeline and one for quarantine/, and all of them as SeaweedFS reads them.

    Returns ``nuanliu.policies/1`` with the file names. What is there is written over. With ``retention`` the pipeline
    may delete what it keeps. Raises: UsageError for a bucket that is
    no ``s3://…``.
    """
    policies = policy_documents(bucket_url, retention=retention)
    documents = {**{f"{name}.json": policy for name, policy in policies.items()}, FILE: identities(policies)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return {"schema": schemas.POLICIES, "bucket": bucket_url, "files": list(documents)}
