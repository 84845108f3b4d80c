"""deploy/*.Caddyfile, held by Caddy itself where it can be had (Debian's package `caddy`)."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.compose_file import composed, drawn_values

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CADDY = shutil.which("caddy")
FRONT, GATE = (PROJECT_DIR / "deploy" / name for name in ("Caddyfile", "objects.Caddyfile"))
SERVICES = composed(drawn_values())["services"]
SHIPPED: dict[str, str] = {**SERVICES["proxy"]["environment"], "NUANLIU_TLS_KEY": ""}

needs_caddy = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed: `apt-get install caddy`")


def test_the_proxy_is_told_every_variable_that_its_file_names() -> None:
    assert set(re.findall(r"\{\$([A-Z_]+)\}", FRONT.read_text())) == set(SERVICES["proxy"]["environment"])
    assert "{$" not in GATE.read_text()


def test_the_proxy_serves_what_is_published_and_leads_to_services_that_are_there() -> None:
    text = FRONT.read_text()
    (port,) = re.findall(r"https_port (\d+)", text)
    assert SERVICES["proxy"]["ports"] == [f"0.0.0.0:443:{port}"]
    leads = dict(each.split(":") for each in re.findall(r"reverse_proxy (\S+)", text))
    assert leads == {"airflow-api-server": "8080", "objects": "9000"}
    assert set(leads) == set(SERVICES["proxy"]["depends_on"]) <= set(SERVICES)
    (health,) = re.findall(r"^(http://127\.0\.0\.1:\d+) \{", text, re.MULTILINE)
    assert SERVICES["proxy"]["healthcheck"]["test"][-1] == f"{health}/"


def test_airflow_believes_the_proxy_of_address_and_scheme() -> None:
    server = SERVICES["airflow-api-server"]
    assert "--proxy-headers" in server["command"]
    assert server["environment"]["FORWARDED_ALLOW_IPS"] == "*"
    assert server["environment"]["AIRFLOW__FAB__ENABLE_PROXY_FIX"] == "True"


def asked(command: list[str | Path], variables: Mapping[str, str], home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        **variables,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
    }
    return subprocess.run([str(CADDY), *command], env=environment, capture_output=True, text=True, check=False)


def own_certificate(folder: Path, *names: str) -> dict[str, str]:
    """A certificate for these names, as a federation's own authority would give it."""
    certificate, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=test", "-addext", f"subjectAltName={','.join(f'DNS:{name}' for name in names)}",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return {"NUANLIU_TLS_CERTIFICATE": str(certificate), "NUANLIU_TLS_KEY": str(key)}


@needs_caddy
@pytest.mark.parametrize("file", [FRONT, GATE], ids=lambda path: path.name)
def test_caddy_takes_the_file_and_would_write_it_the_same_way(file: Path, tmp_path: Path) -> None:
    done = asked(["validate", "--config", file, "--adapter", "caddyfile"], SHIPPED, tmp_path)
    assert done.returncode == 0, done.stderr
    assert asked(["fmt", file], {}, tmp_path).stdout == file.read_text()


@needs_caddy
def test_caddy_takes_certificates_of_your_own_and_refuses_one_that_is_not_there(tmp_path: Path) -> None:
    command: list[str | Path] = ["validate", "--config", FRONT, "--adapter", "caddyfile"]
    own = own_certificate(tmp_path, SHIPPED["NUANLIU_UI_NAME"], SHIPPED["NUANLIU_OBJECTS_NAME"])
    assert asked(command, {**SHIPPED, **own}, tmp_path).returncode == 0
    absent = {"NUANLIU_TLS_CERTIFICATE": str(tmp_path / "absent.pem"), "NUANLIU_TLS_KEY": own["NUANLIU_TLS_KEY"]}
    done = asked(command, {**SHIPPED, **absent}, tmp_path)
    assert done.returncode != 0
    assert "absent.pem" in done.stderr


@needs_caddy
@pytest.mark.parametrize("names", [["else.example.test"], [SHIPPED["NUANLIU_UI_NAME"]]], ids=["neither", "one of both"])
def test_no_authority_outside_is_asked_for_a_name_that_the_certificate_does_not_hold(
    names: list[str], tmp_path: Path
) -> None:
    own = own_certificate(tmp_path, *names)
    for variables in ({**SHIPPED, **own}, SHIPPED):
        done = asked(["adapt", "--config", FRONT, "--adapter", "caddyfile"], variables, tmp_path)
        policies = json.loads(done.stdout)["apps"]["tls"]["automation"]["policies"]
        assert {issuer["module"] for policy in policies for issuer in policy["issuers"]} == {"internal"}
        assert any("subjects" not in policy for policy in policies), "one for every name that no other speaks of"


class Backend(http.server.ThreadingHTTPServer):
    """Answers with its name and what it was told of the caller's address."""

    def __init__(self, name: str) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told = (self.headers["Host"], self.headers["X-Forwarded-Proto"], self.headers["X-Forwarded-Host"])
                body = " ".join([name, *map(str, told)]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


UI, OBJECTS = "nuanliu.example.test", "objects.example.test"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The shipped front before two backends of ours, with a certificate of its own: its port, and what to trust."""
    ui, objects, port, health = Backend("ui"), Backend("objects"), free_port(), free_port()
    text = FRONT.read_text().replace("airflow-api-server:8080", f"127.0.0.1:{ui.server_port}")
    text = text.replace("objects:9000", f"127.0.0.1:{objects.server_port}")
    text = text.replace("https_port 8443", f"https_port {port}\n\tdefault_bind 127.0.0.1").replace("2020", str(health))
    (tmp_path / "Caddyfile").write_text(text)
    names = {"NUANLIU_UI_NAME": UI, "NUANLIU_OBJECTS_NAME": OBJECTS, **own_certificate(tmp_path, UI, OBJECTS)}
    environment = {**os.environ, **names, **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(tmp_path))}
    command = [str(CADDY), "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, env=environment, stderr=log) as caddy:
        try:
            for _ in range(300):
                if caddy.poll() is not None:
                    break
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            assert caddy.poll() is None, (tmp_path / "log").read_text()
            yield port, tmp_path / "chain.pem"
        finally:
            caddy.terminate()
            caddy.wait()
            ui.shutdown()
            objects.shutdown()


def get(port: int, name: str, trusted: Path) -> tuple[int, str]:
    """What a caller of this name is answered."""
    context = ssl.create_default_context(cafile=str(trusted))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        secured.sendall(f"GET /x HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(secured)
        answer.begin()
        return answer.status, answer.read().decode()


@needs_caddy
def test_each_name_leads_to_its_service_and_the_host_that_a_sender_signed_goes_through(
    served: tuple[int, Path],
) -> None:
    port, trusted = served
    assert get(port, UI, trusted) == (200, f"ui {UI} https {UI}")
    assert get(port, OBJECTS, trusted) == (200, f"objects {OBJECTS} https {OBJECTS}")


@needs_caddy
def test_another_name_is_served_by_nobody(served: tuple[int, Path]) -> None:
    port, trusted = served
    with pytest.raises(ssl.SSLError):
        get(port, "other.example.test", trusted)
