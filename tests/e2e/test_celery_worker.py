"""A real Celery worker as `--profile scale` starts it: it takes work from every queue, and its children begin warm."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.compose_file import composed, drawn_values

from nuanliu.orchestration.workers.celery_parent import ALIVE
from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

REDIS = shutil.which("redis-server")
FILLED = drawn_values()
SERVICES = composed(FILLED)["services"]
WORKERS = [name for name in SERVICES if name.startswith("airflow-worker")]

PROBE = """
    import sys
    from celery import shared_task

    @shared_task(name="probe")
    def probe():
        names = ("pandas", "great_expectations", "nuanliu.operations.drops.ingest_drop", "nuanliu.warehouse.marts.rollup")
        return {name: name in sys.modules for name in names}
"""
ASK = """
    import json, sys
    from airflow.providers.celery.executors.celery_executor import app
    sent = [app.send_task("probe", queue=queue) for queue in sys.argv[1:]]
    print(json.dumps([each.get(timeout=90) for each in sent]))
"""


@contextmanager
def redis(folder: Path) -> Iterator[dict[str, str]]:
    """A Redis with a password, as the compose file's has one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert REDIS is not None
    # Its settings come by standard input; behind the password stand ours, so that it takes a free port.
    command = SERVICES["redis"]["command"]
    own = f"a-secret\nport {port}\nbind 127.0.0.1\ndir {folder}"
    called = {"PATH": f"{Path(REDIS).parent}:/usr/bin:/bin", "REDIS_PASSWORD": own}
    with subprocess.Popen(command, env=called, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for_port(port)
            yield {"AIRFLOW__CELERY__BROKER_URL": f"redis://:a-secret@127.0.0.1:{port}/0"}
        finally:
            server.terminate()


@contextmanager
def files(folder: Path) -> Iterator[dict[str, str]]:
    """Messages as files: needs no server."""
    for name in ("messages", "control"):
        (folder / name).mkdir()
    yield {
        "AIRFLOW__CELERY__BROKER_URL": "filesystem://",
        "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__DATA_FOLDER_IN": str(folder / "messages"),
        "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__DATA_FOLDER_OUT": str(folder / "messages"),
        "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__CONTROL_FOLDER": str(folder / "control"),
    }


def environment(folder: Path, broker: dict[str, str], imports: list[str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "NUANLIU_"))}
    paths = [str(folder), str(PROJECT_DIR / "include"), kept.get("PYTHONPATH", "")]
    return {
        **kept,
        **broker,
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_DIR / "dags"),
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_DIR / "plugins"),
        "AIRFLOW__CELERY__EXTRA_CELERY_CONFIG": json.dumps({"imports": imports}),
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+sqlite:///{folder}/results.db",
        "TMPDIR": str(folder),
        "C_FORCE_ROOT": "true",
        "NUANLIU_HOME": str(folder),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }


@contextmanager
def worker(arguments: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (
        log.open("wb") as out,
        subprocess.Popen([sys.executable, "-m", "airflow", *arguments], env=env, stdout=out, stderr=out) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


@pytest.mark.parametrize(
    "broker",
    [
        files,
        pytest.param(
            redis, marks=pytest.mark.skipif(REDIS is None, reason="no redis-server here: apt-get install redis-server")
        ),
    ],
)
def test_a_worker_of_the_compose_file_starts_and_its_children_have_what_tasks_need(
    broker: object, tmp_path: Path
) -> None:
    (tmp_path / "probing.py").write_text(textwrap.dedent(PROBE))
    composed_config = json.loads(SERVICES[WORKERS[0]]["environment"]["AIRFLOW__CELERY__EXTRA_CELERY_CONFIG"])
    command = SERVICES["airflow-worker"]["command"]
    assert command[:3] == ["airflow", "celery", "worker"]
    queues = command[command.index("--queues") + 1].split(",")
    arguments = [word.replace("/opt/airflow/run", str(tmp_path)) for word in command[1:]]
    arguments += ["--concurrency", "1", "--skip-serve-logs"]
    with broker(tmp_path) as reached:  # type: ignore[operator]
        env = environment(tmp_path, reached, [*composed_config["imports"], "probing"])
        with worker(arguments, env, tmp_path / "worker.log") as process:
            done = subprocess.run(
                [sys.executable, "-c", textwrap.dedent(ASK), *queues],
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )
            alive = tmp_path / ALIVE
            assert time.time() - alive.stat().st_mtime < 30
            assert process.poll() is None, (tmp_path / "worker.log").read_text()[-3000:]
    assert done.returncode == 0, done.stderr[-2000:] + (tmp_path / "worker.log").read_text()[-3000:]
    answers = json.loads(done.stdout.splitlines()[-1])
    assert len(answers) == len(queues)
    assert all(all(answer.values()) for answer in answers), answers
