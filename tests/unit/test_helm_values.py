"""deploy/helm: the official chart runs the same image with the same settings as docker-compose.yaml.

Whether the chart takes the values is asked of the chart itself where it and Helm can be had; else names that chart 1.22.0 had are held here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.compose_file import composed, drawn_values

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = PROJECT_DIR / "deploy" / "helm"
VALUES, CELERY, INIT = (
    yaml.safe_load((FOLDER / name).read_text()) for name in ("values.yaml", "values-celery.yaml", "init.yaml")
)
COMPOSE = composed(drawn_values())
SERVICES = COMPOSE["services"]
CHART = os.environ.get("NUANLIU_AIRFLOW_CHART", "")
"""The folder of the unpacked chart with its dependencies (`helm pull apache-airflow/airflow --version 1.22.0 --untar`)."""


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """As Helm lays one file of values over another."""
    whole = dict(base)
    for name, value in over.items():
        below = whole.get(name)
        whole[name] = merged(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return whole


WITH_CELERY = merged(VALUES, CELERY)


def variables(listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["name"]: each.get("value") for each in listed}


# --- the same as in the compose file ---

ELSEWHERE = {
    "AIRFLOW_HOME", "AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__CORE__FERNET_KEY_CMD",
    "AIRFLOW__API__SECRET_KEY_CMD", "AIRFLOW__API_AUTH__JWT_SECRET_CMD", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD",
    "AIRFLOW__CELERY__BROKER_URL_CMD", "AIRFLOW__CELERY__RESULT_BACKEND_CMD",
}  # fmt: skip
"""What the chart sets from values of its own."""
OF_THE_PLACE = {
    "AIRFLOW__API__BASE_URL", "NUANLIU_WAREHOUSE_DSN", "PGSSLMODE", "NUANLIU_BUCKET", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID", "NUANLIU_MAIL_FROM", "NUANLIU_RECIPIENTS", "NUANLIU_WAREHOUSE_PASSWORD_FILE",
    "AWS_SECRET_ACCESS_KEY_FILE", "NUANLIU_SMTP_URL_FILE", "NUANLIU_BACKUPS", "NUANLIU_METADATA_DSN",
    "NUANLIU_METADATA_PASSWORD_FILE",
}  # fmt: skip
NOT_HERE = {"NUANLIU_NOW", "NUANLIU_SMTP_URL", "FORWARDED_ALLOW_IPS"}
"""A past week is not played in a cluster; the mail server's address is a secret's file; the third is the API server's alone."""


def test_every_setting_of_the_compose_file_is_there_with_the_same_value() -> None:
    here, there = variables(VALUES["env"]), COMPOSE["x-airflow"]["environment"]
    expected = {name: str(value) for name, value in there.items() if name not in ELSEWHERE | OF_THE_PLACE | NOT_HERE}
    assert {name: value for name, value in here.items() if name not in OF_THE_PLACE} == expected
    assert set(here) >= OF_THE_PLACE
    assert "FORWARDED_ALLOW_IPS" in variables(VALUES["apiServer"]["env"])


def test_values_of_variables_are_text_as_kubernetes_wants() -> None:
    (job,) = INIT["spec"]["template"]["spec"]["containers"]
    listed = [*VALUES["env"], *VALUES["apiServer"]["env"], *job["env"]]
    assert [each["name"] for each in listed if not isinstance(each.get("value", ""), str)] == []
    assert len({each["name"] for each in VALUES["env"]}) == len(VALUES["env"])


def test_workers_take_the_same_queues() -> None:
    workers = CELERY["workers"]["celery"]
    (first,) = workers["sets"]
    assert workers["args"][-1] == "exec " + " ".join(SERVICES["airflow-worker"]["command"])
    assert first["args"][-1] == "exec " + " ".join(SERVICES["airflow-worker-first"]["command"])
    assert VALUES["apiServer"]["args"][-1] == "exec " + " ".join(SERVICES["airflow-api-server"]["command"])


def test_the_set_up_is_that_of_the_compose_file() -> None:
    (container,) = INIT["spec"]["template"]["spec"]["containers"]
    assert container["command"] == SERVICES["init"]["command"]
    assert container["image"] == "{repository}:{tag}".format(**VALUES["images"]["airflow"])
    there = SERVICES["init"]["environment"]
    needed = {name for name in there if name.endswith(("_DSN", "_PASSWORD_FILE"))}
    needed |= {name.removesuffix("_CMD") for name in there if name.endswith("_CMD") and "CELERY" not in name}
    assert needed <= set(variables(container["env"]))
    assert not VALUES["migrateDatabaseJob"]["enabled"]
    assert not VALUES["createUserJob"]["enabled"]


def test_health_is_asked_without_the_official_image_s_scripts() -> None:
    """The chart's own probes call /entrypoint, its sidecars /clean-logs."""
    probes = [VALUES[name]["livenessProbe"] for name in ("scheduler", "dagProcessor", "triggerer")]
    probes += [VALUES["scheduler"]["startupProbe"], CELERY["workers"]["celery"]["livenessProbe"]]
    assert all(probe["command"] and "/entrypoint" not in " ".join(probe["command"]) for probe in probes)
    assert probes[0]["command"][-1] == SERVICES["airflow-scheduler"]["healthcheck"]["test"][-1]
    assert probes[-1]["command"][-1] == SERVICES["airflow-worker"]["healthcheck"]["test"][-1]
    groomed = [VALUES[name] for name in ("scheduler", "dagProcessor", "triggerer")] + [CELERY["workers"]["celery"]]
    assert [each["logGroomerSidecar"]["enabled"] for each in groomed] == [False] * 4


# --- secrets by their names ---


def secrets(node: Any) -> Iterator[str]:
    """The names of Secrets that are expected."""
    for name, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if isinstance(name, str) and name.lower().endswith("secretname") and isinstance(value, str):
            yield value
        elif name == "secretKeyRef":
            yield value["name"]
        else:
            yield from secrets(value)


def test_every_secret_is_told_in_the_docs_and_none_stands_in_the_files() -> None:
    page = (PROJECT_DIR / "docs/engineers/operations.md").read_text().split("## 9. Kubernetes")[1]
    expected = {name for each in (VALUES, CELERY, INIT) for name in secrets(each)}
    assert len(expected) > 8
    assert {name for name in expected if f"`{name}`" not in page} == set()
    for path in FOLDER.iterdir():
        lines = [line.partition("#")[0] for line in path.read_text().splitlines()]
        assert not [
            line
            for line in lines
            if "://" in line and ":" in line.partition("://")[2].partition("@")[0] and "@" in line
        ]


def test_no_task_gets_a_key_that_is_not_its_own() -> None:
    everywhere = {volume["secret"]["secretName"] for volume in VALUES["volumes"] if "secret" in volume}
    assert everywhere == {"nuanliu-tasks"}
    assert VALUES["enableBuiltInSecretEnvVars"] == {"AIRFLOW_CONN_AIRFLOW_DB": False}
    assert VALUES["allowPodLaunching"] is False


def test_what_runs_tasks_has_the_second_place_and_room_for_drills() -> None:
    local, workers = VALUES["scheduler"], CELERY["workers"]["celery"]
    assert workers["extraVolumes"] == local["extraVolumes"]
    assert workers["extraVolumeMounts"] == local["extraVolumeMounts"]
    assert WITH_CELERY["scheduler"]["extraVolumes"] == WITH_CELERY["scheduler"]["extraVolumeMounts"] == []
    mounted = {mount["mountPath"]: mount["name"] for mount in local["extraVolumeMounts"]}
    there = SERVICES["airflow-scheduler"]["volumes"]
    assert set(mounted) == {"/opt/airflow/backups", "/opt/airflow/var"}
    assert all(any(str(each).endswith(f":{place}") for each in there) for place in mounted)
    assert variables(VALUES["env"])["NUANLIU_BACKUPS"] in mounted


def test_everything_mounted_is_there_and_every_secret_s_file_lies_in_a_mount() -> None:
    for volumes, mounts in (
        (VALUES["volumes"], VALUES["volumeMounts"]),
        (VALUES["scheduler"]["extraVolumes"], VALUES["scheduler"]["extraVolumeMounts"]),
        (VALUES["apiServer"]["extraVolumes"], VALUES["apiServer"]["extraVolumeMounts"]),
    ):
        assert {mount["name"] for mount in mounts} == {volume["name"] for volume in volumes}
    places = {mount["mountPath"] for mount in [*VALUES["volumeMounts"], *VALUES["apiServer"]["extraVolumeMounts"]]}
    named = variables([*VALUES["env"], *VALUES["apiServer"]["env"]])
    files = [value for name, value in named.items() if name.endswith("_FILE") and "FAB" not in name]
    assert len(files) == 5
    assert all(str(Path(file).parent) in places for file in files)


# --- the chart ---

_NAMES = """
airflowLocalSettings airflowVersion allowPodLaunching apiSecretKeySecretName apiServer.apiServerConfig apiServer.args apiServer.env
apiServer.extraVolumeMounts apiServer.extraVolumes apiServer.resources apiServer.startupProbe.failureThreshold createUserJob.enabled
dagProcessor.livenessProbe.command dagProcessor.livenessProbe.failureThreshold dagProcessor.livenessProbe.periodSeconds
dagProcessor.livenessProbe.timeoutSeconds dagProcessor.logGroomerSidecar.enabled dagProcessor.resources data.brokerUrlSecretName
data.metadataSecretName data.resultBackendSecretName enableBuiltInSecretEnvVars.AIRFLOW_CONN_AIRFLOW_DB enableServiceLinks env executor
extraEnv fernetKeySecretName gid images.airflow.repository images.airflow.tag images.useDefaultImageForMigration ingress.apiServer.enabled
ingress.apiServer.hosts jwtSecretName migrateDatabaseJob.enabled postgresql.enabled redis.enabled redis.passwordSecretName
redis.persistence.enabled scheduler.extraVolumeMounts scheduler.extraVolumes
scheduler.livenessProbe.command scheduler.livenessProbe.failureThreshold scheduler.livenessProbe.periodSeconds
scheduler.livenessProbe.timeoutSeconds scheduler.logGroomerSidecar.enabled scheduler.replicas scheduler.resources
scheduler.startupProbe.command scheduler.startupProbe.failureThreshold scheduler.startupProbe.periodSeconds
scheduler.startupProbe.timeoutSeconds securityContexts.containers securityContexts.pod statsd.enabled triggerer.livenessProbe.command
triggerer.livenessProbe.failureThreshold triggerer.livenessProbe.periodSeconds triggerer.livenessProbe.timeoutSeconds
triggerer.logGroomerSidecar.enabled triggerer.persistence.enabled triggerer.resources uid volumeMounts volumes workers.celery.args
workers.celery.extraVolumeMounts workers.celery.extraVolumes workers.celery.livenessProbe.command workers.celery.livenessProbe.failureThreshold workers.celery.livenessProbe.initialDelaySeconds
workers.celery.livenessProbe.periodSeconds workers.celery.livenessProbe.timeoutSeconds workers.celery.logGroomerSidecar.enabled
workers.celery.persistence.enabled workers.celery.persistence.size workers.celery.replicas workers.celery.resources workers.celery.sets
"""
KNOWN = _NAMES.split()
"""Names that the values of chart 1.22.0 have; a new one is looked up there before it is added here."""


def paths(node: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, value in node.items():
        path = f"{above}{name}"
        if isinstance(value, dict) and path not in KNOWN:
            yield from paths(value, f"{path}.")
        else:
            yield path


def test_every_value_has_a_name_that_the_chart_knows() -> None:
    assert {path for path in paths(WITH_CELERY) if path not in KNOWN} == set()


def test_the_version_is_the_locked_one() -> None:
    assert f"apache-airflow=={VALUES['airflowVersion']}\n" in (PROJECT_DIR / "requirements.txt").read_text()


@pytest.mark.skipif(not CHART, reason="no chart: NUANLIU_AIRFLOW_CHART names no folder with Airflow's chart 1.22.0")
@pytest.mark.parametrize("values", [VALUES, WITH_CELERY], ids=["local", "celery"])
def test_helm_renders_pods_of_our_image_that_may_little(values: dict[str, Any]) -> None:
    charts = pytest.importorskip("helm_python.chart", reason="no Helm: `pip install helm-python-sdk`")
    with charts.Chart.load(CHART) as chart:
        chart.validate_schema(values)
        rendered = chart.render(values, name="nuanliu", namespace="nuanliu")
    documents = [
        each for name, text in rendered.items() if name.endswith(".yaml") for each in yaml.safe_load_all(text) if each
    ]
    pods = {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in documents
        if "template" in each.get("spec", {})
    }
    celery = {"nuanliu-worker", "nuanliu-worker-first", "nuanliu-redis"}
    assert set(pods) == {
        "nuanliu-api-server", "nuanliu-scheduler", "nuanliu-dag-processor", "nuanliu-triggerer",
        *(celery if values is WITH_CELERY else ()),
    }  # fmt: skip
    assert not any(each["kind"] == "Job" for each in documents)
    for name, pod in pods.items():
        for container in [*pod.get("initContainers", []), *pod["containers"]] if name != "nuanliu-redis" else []:
            assert container["image"] == "registry.example.cn/nuanliu:0.1.0"
            assert container["securityContext"] == VALUES["securityContexts"]["containers"]
            assert "/entrypoint" not in str(container)
            names = [each["name"] for each in container["env"]]
            assert len(set(names)) == len(names)
            assert "AIRFLOW_CONN_AIRFLOW_DB" not in names
    backed_up = {name for name, pod in pods.items() if "'claimName': 'nuanliu-backups'" in str(pod.get("volumes"))}
    assert backed_up == ({"nuanliu-worker", "nuanliu-worker-first"} if values is WITH_CELERY else {"nuanliu-scheduler"})
    for name in backed_up:
        mounted = {mount["mountPath"] for mount in pods[name]["containers"][0]["volumeMounts"]}
        assert {"/opt/airflow/backups", "/opt/airflow/var"} <= mounted
    notes = "".join(text for name, text in rendered.items() if name.endswith("NOTES.txt"))
    assert "has been renamed" not in notes
