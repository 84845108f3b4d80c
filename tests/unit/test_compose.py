"""docker-compose.yaml: valid by the specification, safe by default, and the same Airflow as `make up`."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from tests.compose_file import EXAMPLE, SOURCE, composed, env_values

from nuanliu.operations.upkeep.policies import policy_documents
from nuanliu.running.airflow_env import PROJECT_DIR, TUNED, Ports, airflow_environment
from nuanliu.running.secret_file import load_secrets
from nuanliu.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE: dict[str, Any] = yaml.safe_load(SOURCE)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
AIRFLOW = {name: service for name, service in SERVICES.items() if service["image"] == "nuanliu:local"}
FILLED = composed({name: value or ("" if "URL" in name else "a-secret") for name, value in env_values(EXAMPLE).items()})
WORKERS = {"airflow-worker", "airflow-worker-first"}
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
        "postgres", "objects", "objects-init", "mail", "init", "airflow-api-server", "airflow-scheduler", "airflow-dag-processor",
        "airflow-triggerer", "redis", "airflow-worker", "airflow-worker-first",
    }  # fmt: skip
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["scale"]} == {
        "redis",
        *WORKERS,
    }
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
    assert f"./include:{environment['AIRFLOW_HOME']}/include:ro" in AIRFLOW[name]["volumes"]
    assert environment["PYTHONPATH"] == f"{environment['AIRFLOW_HOME']}/include"


def test_path_of_the_package_is_written_once() -> None:
    assert SOURCE.count("PYTHONPATH:") == 1


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ENDS])
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_the_loopback_only(name: str) -> None:
    assert [port for port in SERVICES[name].get("ports", []) if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_is_written_in_the_file(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if SECRET.search(variable):
            assert value.startswith(("${", "/opt/airflow/")), variable
        for password in re.findall(r"://[^:@/]+:([^@]+)@", str(value)):
            assert password.startswith("${"), variable


def test_only_the_object_store_and_its_set_up_hold_its_root_key() -> None:
    holders = {name for name, service in SERVICES.items() if "NUANLIU_OBJECTS_PASSWORD" in json.dumps(service)}
    assert holders == {"objects", "objects-init"}
    for service in AIRFLOW.values():
        assert service["environment"]["AWS_SECRET_ACCESS_KEY"].startswith("${NUANLIU_PIPELINE_PASSWORD")


def test_the_pipelines_policy_is_the_generated_one() -> None:
    bucket = COMPOSE["x-airflow"]["environment"]["NUANLIU_BUCKET"]
    assert json.loads(COMPOSE["configs"]["pipeline-policy"]["content"]) == policy_documents(bucket)["pipeline"]


def test_nothing_starts_before_the_pipeline_has_its_account() -> None:
    assert SERVICES["init"]["depends_on"]["objects-init"] == {"condition": "service_completed_successfully"}


def test_every_variable_is_explained_in_the_example_and_the_other_way_round() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", SOURCE))
    assert used == set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))


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
