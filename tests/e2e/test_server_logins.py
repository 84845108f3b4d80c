"""A real api-server with accounts: what each role gets of every page of the board and of what DAGs can be told."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest
import yaml
from sqlalchemy import make_url
from tests.compose_file import EXAMPLE, SOURCE, composed, env_values, variable_of
from tests.integration.played_week import context, play

from nuanliu.running.airflow_env import Ports, airflow_environment
from nuanliu.running.logins import FAB
from nuanliu.running.ports import free_port
from nuanliu.running.secret_file import load_secrets
from nuanliu.settings import INCLUDE_DIR, Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("airflow.providers.fab", reason="requirements-server.txt is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROLES = ("admin", "op", "viewer", "public", "nobody")
"""``public`` has logged in and has no right; ``nobody`` has not logged in."""
READY_SECONDS = 180


@dataclass(frozen=True)
class ApiServer:
    """A running api-server. ``passwords``: by account, which is called after its role."""

    url: str
    env: dict[str, str]
    receipt_no: str
    passwords: dict[str, str]

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, timeout=60, **options)

    def token(self, role: str) -> dict[str, str]:
        """The header of a role, from a login by name and password."""
        if role == "nobody":
            return {}
        with self.client() as client:
            answer = client.post("/auth/token", json={"username": role, "password": self.passwords[role]})
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture(scope="module")
def metadata_dsn(postgres_server: str) -> Iterator[str]:
    name = f"nuanliu_metadata_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"create database {name} encoding 'UTF8' locale 'C' template template0")
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module")
def server_env(
    metadata_dsn: str, module_warehouse_dsn: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], str]:
    """The environment of Airflow's processes on a server, a played week behind it; and a receipt's number."""
    home: Path = tmp_path_factory.mktemp("server-home")
    bucket = open_bucket((home / "bucket").as_uri())
    engine = open_engine(module_warehouse_dsn)
    receipt_no = play(context(home, bucket, engine)).receipts[0]["receipt_no"]
    engine.dispose()
    settings = replace(Settings.from_env({"NUANLIU_HOME": str(home)}), bucket_url=bucket.url)
    base = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "NUANLIU_"))}
    env = airflow_environment(settings, Ports(free_port(0), 1), load_secrets(settings.var), metadata_dsn, base) | {
        "AIRFLOW__CORE__AUTH_MANAGER": FAB,
        "AIRFLOW__FAB__CONFIG_FILE": str(INCLUDE_DIR / "webserver_config.py"),
        "AIRFLOW__FAB__AUTH_RATE_LIMITED": "False",
        "AIRFLOW__FAB__CACHE_TTL": "0",  # else what somebody may do is remembered for half a minute
        "NUANLIU_BUCKET": bucket.url,
        "NUANLIU_WAREHOUSE_DSN": module_warehouse_dsn,
    }
    run(env, "-m", "airflow", "db", "migrate")
    run(env, "-m", "airflow", "dags", "reserialize")
    return env, receipt_no


def run(env: dict[str, str], *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *words], env=env, capture_output=True, text=True, check=False, timeout=300, **options
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done


@contextmanager
def serving(env: dict[str, str], log: Path) -> Iterator[str]:
    """An api-server in this environment, on a port of its own, until the block ends."""
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    own = {**env, "AIRFLOW__API__PORT": str(port), "AIRFLOW__API__BASE_URL": url}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", "api-server"],
            env=own,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + READY_SECONDS
            while not _answers(url):
                assert process.poll() is None, log.read_text()[-4000:]
                assert time.monotonic() < deadline, log.read_text()[-4000:]
                time.sleep(0.5)
            yield url
        finally:
            process.terminate()
            process.wait(60)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v2/version", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def server(server_env: tuple[dict[str, str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    env, receipt_no = server_env
    passwords = {role: secrets.token_urlsafe(16) for role in ("admin", "op", "viewer", "public")}
    folder = tmp_path_factory.mktemp("passwords")
    for role in ("admin", "op", "viewer"):
        (folder / role).write_text(f"{passwords[role]}\n")
        added = run(
            env, "-m", "nuanliu", "logins", "add", role, "--role", role, "--password-file", str(folder / role), "--json"
        )
        assert json.loads(added.stdout)["outcome"] == "added"
        assert passwords[role] not in added.stdout + added.stderr
    with serving(env, folder / "api-server.log") as url:
        server = ApiServer(url, env, receipt_no, passwords)
        with server.client() as client:
            made = client.post(
                "/auth/fab/v1/users",
                headers=server.token("admin"),
                json={
                    "username": "public",
                    "first_name": "p",
                    "last_name": "p",
                    "email": "public@localhost",
                    "password": passwords["public"],
                    "roles": [{"name": "Public"}],
                },
            )
        assert made.status_code in {200, 201}, made.text
        yield server
    told = (folder / "api-server.log").read_text()
    assert [role for role, password in passwords.items() if password in told] == []


@pytest.fixture(scope="module")
def tokens(server: ApiServer) -> dict[str, dict[str, str]]:
    return {role: server.token(role) for role in ROLES}


RUN = {"logical_date": None, "conf": {}}
EVERYBODY = {"admin": 200, "op": 200, "viewer": 200, "public": 403}
OPERATORS = {"admin": 200, "op": 200, "viewer": 403, "public": 403}
ADMIN = {"admin": 200, "op": 403, "viewer": 403, "public": 403}
GUESTS = {"nobody": 401}
TO_LOGIN = {"nobody": 303}
"""A page of the board leads who has not logged in to the login."""
TABLE: list[tuple[str, str, Any, dict[str, int]]] = [
    ("GET", "/nuanliu/", None, EVERYBODY | TO_LOGIN),
    ("GET", "/nuanliu/?until=2024-W49", None, EVERYBODY | TO_LOGIN),
    ("GET", "/nuanliu/receipts/{receipt_no}", None, EVERYBODY | TO_LOGIN),
    ("GET", "/nuanliu/receipts/{receipt_no}/files/html", None, EVERYBODY | TO_LOGIN),
    ("GET", "/nuanliu/receipts/{receipt_no}/files/json", None, EVERYBODY | TO_LOGIN),
    ("GET", "/nuanliu/receipts/{receipt_no}/files/xlsx", None, EVERYBODY | TO_LOGIN),
    ("GET", "/api/v2/dags", None, EVERYBODY | GUESTS),
    ("GET", "/api/v2/dags/publish_weekly_summary", None, EVERYBODY | GUESTS),
    ("GET", "/api/v2/dagSources/publish_weekly_summary", None, EVERYBODY | GUESTS),
    ("GET", "/api/v2/dags/publish_weekly_summary/dagRuns", None, EVERYBODY | GUESTS),
    ("GET", "/api/v2/dags/~/dagRuns/~/hitlDetails", None, EVERYBODY | GUESTS),
    ("GET", "/api/v2/eventLogs", None, ADMIN | GUESTS),
    ("GET", "/api/v2/connections", None, OPERATORS | GUESTS),
    ("GET", "/api/v2/variables", None, OPERATORS | GUESTS),
    ("GET", "/api/v2/config", None, dict.fromkeys(EVERYBODY, 403) | GUESTS),
    ("POST", "/api/v2/dags/publish_weekly_summary/dagRuns", RUN, OPERATORS | GUESTS),
    ("PATCH", "/api/v2/dags/publish_weekly_summary", {"is_paused": True}, OPERATORS | GUESTS),
    ("PATCH", "/api/v2/dags/publish_weekly_summary", {"is_paused": False}, OPERATORS | GUESTS),
    (
        "POST",
        "/api/v2/dags/publish_weekly_summary/clearTaskInstances",
        {"dry_run": True, "only_failed": False},
        OPERATORS | GUESTS,
    ),
    ("POST", "/api/v2/connections", {"connection_id": "of_{role}", "conn_type": "http"}, OPERATORS | GUESTS),
    ("POST", "/api/v2/variables", {"key": "of_{role}", "value": "x"}, OPERATORS | GUESTS),
    ("GET", "/auth/fab/v1/users", None, ADMIN | GUESTS),
    ("GET", "/auth/fab/v1/roles", None, ADMIN | GUESTS),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path", "body", "wanted"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_each_role_gets_what_is_its_own(
    server: ApiServer,
    tokens: dict[str, dict[str, str]],
    role: str,
    method: str,
    path: str,
    body: Any,
    wanted: dict[str, int],
) -> None:
    said = json.loads(json.dumps(body).replace("{role}", role)) if body is not None else None
    with server.client() as client:
        answer = client.request(method, path.format(receipt_no=server.receipt_no), json=said, headers=tokens[role])
    status = 200 if answer.is_success else answer.status_code
    assert status == wanted[role], answer.text[:500]
    if status != 200:
        assert server.receipt_no not in answer.text


def test_every_route_of_the_board_stands_in_the_table() -> None:
    from nuanliu.board.app import create_app

    routes = {route.path for route in create_app(lambda: None).routes}  # type: ignore[arg-type, return-value]
    tried = {
        re.sub(r"\{receipt_no\}/files/\w+", "{receipt_no}/files/{ending}", row[1].partition("?")[0]) for row in TABLE
    }
    assert {f"/nuanliu{route}" for route in routes} <= tried


def log_in(client: httpx.Client, name: str, password: str, leads_to: str) -> httpx.Response:
    """As a browser does: to a page, from there to the login, and with the form back to the page."""
    form = client.get(leads_to)
    assert form.status_code == 200
    assert "/auth/login" in str(form.url)
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)
    assert csrf is not None
    return client.post(str(form.url), data={"csrf_token": csrf[1], "username": name, "password": password})


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("op", 200), ("viewer", 200), ("public", 403)])
def test_a_browser_comes_from_the_login_to_the_page_it_asked_for_and_turns_in_no_circle(
    server: ApiServer, role: str, status: int
) -> None:
    page = f"/nuanliu/receipts/{server.receipt_no}"
    with server.client(follow_redirects=True, max_redirects=8) as client:
        answer = log_in(client, role, server.passwords[role], page)
        assert answer.url.path in {page, "/"}
        again = client.get(page)
        assert (again.status_code, again.url.path, len(again.history)) == (status, page, 0)


def test_a_wrong_password_opens_nothing(server: ApiServer) -> None:
    with server.client(follow_redirects=True, max_redirects=8) as client:
        answer = log_in(client, "admin", "wrong" * 4, "/nuanliu/")
        assert "/auth/login" in str(answer.url)
        assert client.post("/auth/token", json={"username": "admin", "password": "wrong" * 4}).status_code == 401


def test_an_account_that_is_there_stays_as_it_is(server: ApiServer, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("another password")
    words = ("logins", "add", "viewer", "--role", "admin", "--password-file", str(tmp_path / "password"), "--json")
    assert json.loads(run(server.env, "-m", "nuanliu", *words).stdout)["outcome"] == "kept"
    assert server.token("viewer")


# --- an OpenID provider ------------------------------------------------------------------------------------------------

GROUPS = {"li": ["nuanliu-viewer"], "wang": ["/nuanliu-op", "other"], "guest": []}


class Provider(BaseHTTPRequestHandler):
    """A provider of one realm in which everybody is logged in already; who comes stands in ``who``."""

    who = "guest"
    answers_about: str | None = None
    key: Any = None
    nonces: dict[str, str]
    challenges: dict[str, str]

    def do_GET(self) -> None:
        """Description, keys, authorisation and who somebody is."""
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        parts = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        if parts.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/keys",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif parts.path == "/keys":
            numbers = self.key.public_key().public_numbers()
            key = {"kty": "RSA", "kid": "k", "alg": "RS256", "use": "sig", "n": _b64(numbers.n), "e": _b64(numbers.e)}
            self._say({"keys": [key]})
        elif parts.path == "/authorize":
            code = f"code-{self.who}"
            Provider.nonces[code], Provider.challenges[code] = query.get("nonce", ""), query["code_challenge"]
            self.send_response(302)
            self.send_header("location", f"{query['redirect_uri']}?code={code}&state={query['state']}")
            self.end_headers()
        else:
            name = self.answers_about or self.headers["authorization"].removeprefix("Bearer access-")
            self._say(
                {
                    "sub": name,
                    "preferred_username": name,
                    "given_name": name,
                    "family_name": "-",
                    "email": f"{name}@x",
                    "groups": GROUPS[name],
                }
            )

    def do_POST(self) -> None:
        """The token of a code."""
        import jwt

        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
        basic = base64.b64decode(self.headers["authorization"].removeprefix("Basic ")).decode()
        assert basic == "nuanliu:Top5ecret"
        assert form["code_verifier"]
        name = form["code"].removeprefix("code-")
        claims = {
            "iss": f"http://127.0.0.1:{self.server.server_address[1]}",
            "aud": "nuanliu",
            "sub": name,
            "nonce": Provider.nonces[form["code"]],
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
        }
        id_token = jwt.encode(claims, self.key, "RS256", {"kid": "k"})
        self._say({"access_token": f"access-{name}", "token_type": "Bearer", "expires_in": 300, "id_token": id_token})

    def _say(self, document: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def _b64(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    from cryptography.hazmat.primitives.asymmetric import rsa

    Provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    Provider.nonces, Provider.challenges = {}, {}
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_address[1]}"
    listening.shutdown()
    listening.server_close()


@pytest.fixture(scope="module")
def with_provider(
    server_env: tuple[dict[str, str], str], provider: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ApiServer]:
    env, receipt_no = server_env
    folder = tmp_path_factory.mktemp("oidc")
    (folder / "secret").write_text("Top5ecret\n")
    own = {
        **env,
        "NUANLIU_OIDC_ISSUER": provider,
        "NUANLIU_OIDC_CLIENT_ID": "nuanliu",
        "NUANLIU_OIDC_CLIENT_SECRET_FILE": str(folder / "secret"),
    }
    with serving(own, folder / "api-server.log") as url:
        yield ApiServer(url, own, receipt_no, {})
    assert "Top5ecret" not in (folder / "api-server.log").read_text()


def test_a_provider_that_answers_about_somebody_else_is_not_believed(
    with_provider: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Provider, "answers_about", "wang")
    with with_provider.client(follow_redirects=True, max_redirects=12) as client:
        come_from_provider(client, "guest")
        assert "/auth/login" in str(client.get("/nuanliu/").url)


def come_from_provider(client: httpx.Client, who: str) -> httpx.Response:
    Provider.who = who
    return client.get("/auth/login/oidc")


@pytest.mark.parametrize(
    ("who", "board", "may_start"), [("li", 200, False), ("wang", 200, True), ("guest", 403, False)]
)
def test_who_comes_from_a_provider_has_the_rights_of_its_groups(
    with_provider: ApiServer, who: str, board: int, may_start: bool
) -> None:
    with with_provider.client(follow_redirects=True, max_redirects=12) as client:
        come_from_provider(client, who)
        page = client.get("/nuanliu/")
        assert (page.status_code, len(page.history)) == (board, 0)
        paused = client.patch("/api/v2/dags/remind_unions", json={"is_paused": False})
        assert paused.is_success is may_start, paused.text


def test_who_leaves_a_group_loses_its_rights_with_the_next_login(
    with_provider: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for groups, status in ((["nuanliu-viewer"], 200), ([], 403)):
        monkeypatch.setitem(GROUPS, "guest", groups)
        with with_provider.client(follow_redirects=True, max_redirects=12) as client:
            come_from_provider(client, "guest")
            assert client.get("/nuanliu/").status_code == status


def test_with_a_provider_no_password_of_the_database_opens(with_provider: ApiServer, server: ApiServer) -> None:
    with with_provider.client() as client:
        answer = client.post("/auth/token", json={"username": "admin", "password": server.passwords["admin"]})
    assert answer.status_code == 401


# --- what the compose file runs at its start -----------------------------------------------------------------------------


@pytest.fixture
def composed_env(postgres_server: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of the compose file's ``init``, its names and places made this test's own."""
    mark = secrets.token_hex(4)
    values = env_values(EXAMPLE)
    drawn = dict.fromkeys(env_values(EXAMPLE.split("# --- secrets")[1].split("\n\n")[0]), "")
    drawn = {name: secrets.token_hex(24) for name in drawn}
    whole = composed(values | drawn)
    server = make_url(postgres_server)
    names = ("nuanliu_owner", "nuanliu_loader", "nuanliu_reader", "nuanliu_airflow")
    for name, secret in whole["secrets"].items():
        value = drawn[variable_of(secret)]
        if name == "fernet_key":
            value = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        (tmp_path / name).write_text(server.password if name == "postgres_password" else value)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "NUANLIU_", "AWS_"))}
    for name, value in whole["services"]["init"]["environment"].items():
        text = str(value).replace("/run/secrets", str(tmp_path)).replace("/opt/airflow/include", str(INCLUDE_DIR))
        text = text.replace("@postgres:5432/", f"@{server.host}:{server.port or 5432}/").replace(
            "/opt/airflow", str(tmp_path)
        )
        text = text.replace("//nuanliu@", f"//{server.username}@")
        for each in names:
            text = text.replace(each, f"{each}_{mark}")
        env[name] = re.sub(r"(:\d+)/(warehouse|airflow)\b", rf"\1/\2_{mark}", text)
    env |= {"AIRFLOW__CORE__DAGS_FOLDER": str(INCLUDE_DIR.parent / "dags"), "NUANLIU_HOME": str(tmp_path)}
    command = tmp_path / "bin" / "nuanliu"
    command.parent.mkdir()
    shutil.copy(INCLUDE_DIR.parent / "scripts" / "nuanliu", command)
    command.chmod(0o755)
    env |= {
        "PATH": f"{command.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(INCLUDE_DIR),
        "NUANLIU_BUCKET": (tmp_path / "bucket").as_uri(),
    }
    yield env
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in (f"warehouse_{mark}", f"airflow_{mark}"):
            connection.execute(f"drop database if exists {name} with (force)")
        for name in names:
            connection.execute(f"drop role if exists {name}_{mark}")


def test_what_the_compose_file_runs_at_its_start_makes_an_installation_and_finds_it_the_next_time(
    composed_env: dict[str, str], tmp_path: Path
) -> None:
    words = yaml.safe_load(SOURCE)["services"]["init"]["command"]
    script = words[-1].replace("/run/secrets", str(tmp_path))
    for said in ("admin added as admin", "admin is there already"):
        done = subprocess.run(
            [*words[:-1], script], env=composed_env, capture_output=True, text=True, check=False, timeout=400
        )
        told = done.stdout + done.stderr
        assert done.returncode == 0, told[-4000:]
        assert said in told
        known = {
            path.name: path.read_text()
            for path in tmp_path.iterdir()
            if path.name.endswith(("_password", "_key", "_secret"))
        }
        assert len(known) >= 9
        assert [name for name, secret in known.items() if secret in told] == []
