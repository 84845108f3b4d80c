"""What `objects-init` of docker-compose.yaml does to a store: the bucket is there afterwards, or it says why not."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import boto3
from tests.compose_file import EXAMPLE, composed, env_values

if TYPE_CHECKING:
    from pathlib import Path

FILLED = composed({name: value or "a-secret" for name, value in env_values(EXAMPLE).items()})


def run_init(endpoint: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The set-up of the bucket as the container runs it."""
    service = FILLED["services"]["objects-init"]
    script = service["entrypoint"][-1].replace("/tmp/", f"{folder}/")
    environment = {**service["environment"], "OBJECTS_URL": endpoint, "PATH": "/usr/bin:/bin"}
    return subprocess.run(["sh", "-ec", script], env=environment, capture_output=True, text=True, check=False)


def test_the_set_up_makes_the_bucket_and_finds_it_the_second_time(s3_endpoint: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = run_init(s3_endpoint, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    client = boto3.client(
        "s3", endpoint_url=s3_endpoint, aws_access_key_id="k", aws_secret_access_key="s", region_name="us-east-1"
    )
    assert client.head_bucket(Bucket="nuanliu")["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_the_set_up_fails_and_says_what_it_was_told_when_the_store_refuses(s3_endpoint: str, tmp_path: Path) -> None:
    done = run_init(f"{s3_endpoint}/no/such/place", tmp_path)
    assert done.returncode != 0
    assert "the store answers" in done.stdout
