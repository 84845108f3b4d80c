"""What `objects-init` of docker-compose.yaml does to a store: the bucket is there afterwards, or it says why not."""

from __future__ import annotations

import json
import subprocess
import uuid
from typing import TYPE_CHECKING

import boto3
import pytest
from tests.compose_file import composed, drawn_values

if TYPE_CHECKING:
    from pathlib import Path

FILLED = composed(drawn_values())


def run_init(endpoint: str, folder: Path, **own: str) -> subprocess.CompletedProcess[str]:
    """The set-up of the bucket as the container runs it."""
    service = FILLED["services"]["objects-init"]
    script = service["entrypoint"][-1].replace("/tmp/", f"{folder}/")
    environment = {**service["environment"], "OBJECTS_URL": endpoint, "PATH": "/usr/bin:/bin", **own}
    return subprocess.run(["sh", "-ec", script], env=environment, capture_output=True, text=True, check=False)


def test_the_set_up_makes_the_bucket_and_finds_it_the_second_time(s3_endpoint: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = run_init(s3_endpoint, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    client = boto3.client(
        "s3", endpoint_url=s3_endpoint, aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1"
    )
    assert client.head_bucket(Bucket="nuanliu")["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_store_that_asks_for_the_key_finds_the_set_up_s_signature_right(
    s3_endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = boto3.client(
        "iam", endpoint_url=s3_endpoint, aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1"
    )
    user = f"root-{uuid.uuid4().hex[:8]}"
    root.create_user(UserName=user)
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    root.put_user_policy(UserName=user, PolicyName="everything", PolicyDocument=json.dumps(everything))
    key = root.create_access_key(UserName=user)["AccessKey"]
    monkeypatch.setattr("moto.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0)
    right = {"OBJECTS_USER": key["AccessKeyId"], "OBJECTS_PASSWORD": key["SecretAccessKey"]}
    done = run_init(s3_endpoint, tmp_path, **right)
    assert done.returncode == 0, done.stdout + done.stderr
    done = run_init(s3_endpoint, tmp_path, **right | {"OBJECTS_PASSWORD": "wrong"})
    assert done.returncode != 0
    assert "the store answers 403" in done.stdout


def test_the_set_up_fails_and_says_what_it_was_told_when_the_store_refuses(s3_endpoint: str, tmp_path: Path) -> None:
    done = run_init(f"{s3_endpoint}/no/such/place", tmp_path)
    assert done.returncode != 0
    assert "the store answers" in done.stdout
