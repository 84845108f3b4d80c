"""Stands in for SeaweedFS: moto's S3 in memory, which asks everyone for the right that the mounted accounts give.

It takes SeaweedFS's own arguments, of which it reads ``-s3.config`` and ``-s3.port``. Unlike SeaweedFS it knows no conditions
(a union may list every name), does not ask for the source of a copy, and forgets everything at its end.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def read_accounts(path: Path) -> None:
    """Make a user with key and policies of each identity; one without a key has no way in."""
    document = json.loads(os.path.expandvars(path.read_text("utf-8")))
    policies = {policy["name"]: policy["content"] for policy in document["policies"]}
    users = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    for identity in document["identities"]:
        for credential in identity["credentials"]:
            if "$" in credential["secretKey"]:
                continue
            name = identity["name"]
            users.create_user("us-east-1", name)
            key = users.create_access_key(name)
            key.access_key_id, key.secret_access_key = credential["accessKey"], credential["secretKey"]
            for policy in identity.get("policyNames", []):
                users.put_user_policy(name, policy, policies[policy])
            if "Admin" in identity.get("actions", []):
                users.put_user_policy(name, "admin", json.dumps(EVERYTHING))


class Store(DomainDispatcherApplication):  # type: ignore[misc]
    """moto, and the address by which SeaweedFS says that it is well."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one request."""
        if environ["PATH_INFO"] == "/healthz":
            start_response("200 OK", [("Content-Length", "0")])
            return [b""]
        return super().__call__(environ, start_response)


def argument(name: str) -> str:
    """The value of ``-name=value`` on the command line."""
    return next(each for each in sys.argv if each.startswith(f"-{name}=")).partition("=")[2]


if __name__ == "__main__":
    read_accounts(Path(argument("s3.config")))
    run_simple(
        "0.0.0.0",  # noqa: S104  the container's own network
        int(argument("s3.port")),
        Store(lambda _: create_backend_app("s3")),
        threaded=True,
    )
