"""What a soak stands on: a home, an embedded PostgreSQL, buckets, a mail server; fresh for each round."""

from __future__ import annotations

import logging
import shutil
import tempfile
import uuid
from collections import Counter
from contextlib import ExitStack, suppress
from email import message_from_bytes
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
from tests.smtp_server import SmtpScript, serving
from tests.soak.forks import run
from tests.soak.jobs import Job
from tests.soak.proxy import Proxy
from tests.soak.scenario import RECIPIENTS
from tests.soak.small_disk import small_disk

from nuanliu.storage.embedded.server import EmbeddedPostgres

if TYPE_CHECKING:
    from types import TracebackType

    from tests.soak.boundaries import Crash
    from tests.soak.scenario import Drop, Step

_TEMPLATE = "soak_template"
FOLDER, S3 = "folder", "s3"


class LocalStack:
    """A home of its own, from entering to leaving; ``fresh`` makes it new in a fraction of a second."""

    def __init__(self, *, small_disks: bool = False) -> None:
        """``small_disks``: bucket and PostgreSQL each on a disk that can be filled. Raises NotPermitted when entered."""
        self._stack = ExitStack()
        self._small_disks = small_disks
        self.home = Path(tempfile.mkdtemp(prefix="nuanliu-soak-"))
        self.home.chmod(0o755)  # where root must run PostgreSQL as another account, that one has to get here
        self.server = EmbeddedPostgres(self.home / "var" / "postgres")
        self.bucket_folder = self.home / "var" / "bucket"
        self._bucket_url = self.bucket_folder.as_uri()
        self._bucket_options: dict[str, Any] | None = None

    def __enter__(self) -> LocalStack:
        with ExitStack() as stack:  # what was begun is undone when the rest fails
            stack.callback(shutil.rmtree, self.home)
            if self._small_disks:
                images = self.home / "images"
                images.mkdir()
                stack.enter_context(small_disk(self.bucket_folder, images / "bucket", 8))
                stack.enter_context(small_disk(self.server.folder, images / "postgres", 640))
            (self.home / "recipients.csv").write_text(RECIPIENTS, "utf-8")
            self.mail = stack.enter_context(serving(SmtpScript()))
            self.mail_wire = Proxy(self.mail.port)
            stack.callback(self.mail_wire.down)
            stack.callback(self.server.stop)
            self._make_template()
            self._stack = stack.pop_all()
        return self

    def _make_template(self) -> None:
        self.server.ensure_running()
        with self._administer() as connection:
            # Processes are killed here, machines are not: what PostgreSQL wrote, the kernel still has.
            connection.execute("alter system set fsync = off")
            connection.execute("select pg_reload_conf()")
        made = run(self.job("init", "2024-12-02T08:00+08:00"))
        if made is None or made.error:
            raise RuntimeError(f"the warehouse cannot be made: {made}")
        with self._administer() as connection:
            connection.execute(f"alter database warehouse rename to {_TEMPLATE}")
            connection.execute(f"create database warehouse template {_TEMPLATE}")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def fresh(self, bucket: str = FOLDER) -> None:
        """An empty warehouse, an empty bucket of one kind, no mail."""
        self.mail_wire.mend()
        self.server.ensure_running()
        with self._administer() as connection:
            connection.execute("drop database if exists warehouse with (force)")
            connection.execute(f"create database warehouse template {_TEMPLATE}")
        self.mail.messages.clear()
        for folder in self.bucket_folder.iterdir() if self.bucket_folder.exists() else ():
            shutil.rmtree(folder)
        self._bucket_url, self._bucket_options = self.bucket_folder.as_uri(), None
        if bucket == S3:
            self.s3_wire.mend()
            name = f"b{uuid.uuid4().hex[:12]}"
            self._s3_client.create_bucket(Bucket=name)
            self._bucket_url, self._bucket_options = f"s3://{name}/root", self._s3_options

    def job(self, name: str, now: str, week: str | None = None, **more: Any) -> Job:
        """A job of the pipeline in this home."""
        env = {
            "NUANLIU_HOME": str(self.home),
            "NUANLIU_BUCKET": self._bucket_url,
            "NUANLIU_RECIPIENTS": str(self.home / "recipients.csv"),
            "NUANLIU_SMTP_URL": f"smtp://127.0.0.1:{self.mail_wire.port}",
            "NUANLIU_SETTLE_SECONDS": "0",
        }
        return Job(name, now, week, env, self._bucket_options, **more)

    def step_job(self, step: Step, crash: Crash | None = None, **more: Any) -> Job:
        """The job of a step."""
        return self.job(step.job, step.now, step.week, crash=crash, **more)

    def put(self, drop: Drop) -> None:
        """What a union does."""
        if self._bucket_options is not None:
            bucket, _, root = self._bucket_url.removeprefix("s3://").partition("/")
            self._s3_client.put_object(Bucket=bucket, Key=f"{root}/{drop.key}", Body=drop.data)
            return
        path = self.bucket_folder / drop.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drop.data)

    def deliveries(self) -> Counter[str]:
        """How often the mail server got each message, by Message-ID."""
        return Counter(str(message_from_bytes(message)["Message-ID"]) for message in self.mail.messages)

    def kill_postgres(self) -> None:
        """``kill -9`` of the postmaster and everything it started."""
        postmaster = self._postmaster()
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=30)

    def kill_backend(self) -> bool:
        """``kill -9`` of one session of a job, after which PostgreSQL ends all others; False when there is none."""
        with self._administer() as connection:
            row = connection.execute(
                "select pid from pg_stat_activity where datname = 'warehouse' order by state = 'active' desc limit 1"
            ).fetchone()
        if row is None:
            return False
        with suppress(psutil.NoSuchProcess):
            psutil.Process(row[0]).kill()
        return True

    @cached_property
    def s3_wire(self) -> Proxy:
        """The wire to a served S3 API."""
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it says every request
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        self._stack.callback(server.stop)
        _, self._s3_port = server.get_host_and_port()
        wire = Proxy(self._s3_port)
        self._stack.callback(wire.down)
        return wire

    @property
    def _s3_options(self) -> dict[str, Any]:
        endpoint = f"http://127.0.0.1:{self.s3_wire.port}"
        return {
            "key": "soak",
            "secret": "soak",
            "client_kwargs": {"endpoint_url": endpoint, "region_name": "us-east-1"},
        }

    @cached_property
    def _s3_client(self) -> Any:
        import boto3

        return boto3.client(
            "s3",
            aws_access_key_id="soak",
            aws_secret_access_key="soak",
            endpoint_url=f"http://127.0.0.1:{self._s3_port}",
            region_name="us-east-1",
        )

    def _administer(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.server.dsn("postgres"), autocommit=True)

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.server.data / "postmaster.pid").read_text().split("\n", 1)[0]))
