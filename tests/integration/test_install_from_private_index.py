"""An office's index: behind TLS of a private authority, behind a login, known to pip by its pip.conf only."""

from __future__ import annotations

import base64
import http.server
import os
import shutil
import ssl
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificates with openssl"),
]
PROJECT = Path(__file__).resolve().parents[2]
USER, PASSWORD = "reader", "geheim-0815"
TINY = "nuanliu-tiny-trial"


class AskingForLogin(http.server.SimpleHTTPRequestHandler):
    """Serves a folder to the one who knows the password."""

    def do_GET(self) -> None:
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {expected}":
            super().do_GET()
        else:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="index"')
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass(frozen=True)
class Office:
    """``authority``: the certificate that a client must trust. ``venv``: with pip and uv, nothing else."""

    authority: Path
    port: int
    venv: Path
    home: Path

    def install(self, pip_conf: str, *, by: str = "uv_like_pip") -> subprocess.CompletedProcess[str]:
        conf = self.home / ".config" / "pip" / "pip.conf"
        conf.parent.mkdir(parents=True, exist_ok=True)
        conf.write_text(pip_conf, "utf-8")
        python = str(self.venv / "bin" / "python")
        command = {
            "uv_like_pip": [python, str(PROJECT / "scripts" / "uv_like_pip.py")],
            "uv": [str(self.venv / "bin" / "uv")],
        }[by]
        return subprocess.run(
            [*command, "pip", "install", "-q", TINY], env=self._env(), capture_output=True, text=True, check=False
        )

    def installed(self) -> bool:
        found = subprocess.run([self.venv / "bin" / "python", "-c", "import nuanliu_tiny_trial"], check=False)
        return found.returncode == 0

    def _env(self) -> dict[str, str]:
        """A person's environment without any word about packages, certificates or proxies."""
        about = ("PIP_", "UV_", "SSL_", "REQUESTS_", "CURL_", "XDG_")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(about) and not name.lower().endswith("_proxy")
        }
        return kept | {"HOME": str(self.home), "VIRTUAL_ENV": str(self.venv), "UV_NO_CACHE": "1"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    certificates = tmp_path / "certificates"
    certificates.mkdir()
    make_certificates(certificates)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    make_index(tmp_path / "index")
    handler = partial(AskingForLogin, directory=tmp_path / "index")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Office(
            certificates / "authority.pem", server.server_port, make_venv(tmp_path / "venv"), tmp_path / "home"
        )
        server.shutdown()


def make_certificates(folder: Path) -> None:
    """An authority, and a server's certificate for 127.0.0.1 that it signed."""
    (folder / "server.ext").write_text("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    new_key = "-newkey rsa:2048 -nodes"
    for arguments in (
        f"req -x509 {new_key} -days 2 -subj /CN=Office -keyout authority.key -out authority.pem",
        f"req {new_key} -subj /CN=127.0.0.1 -keyout server.key -out server.csr",
        "x509 -req -days 2 -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial"
        " -extfile server.ext -out server.pem",
    ):
        subprocess.run(["openssl", *arguments.split()], cwd=folder, check=True, capture_output=True)


def make_index(folder: Path) -> None:
    """A simple index of one wheel with one empty module."""
    page = folder / "simple" / TINY
    page.mkdir(parents=True)
    name = f"{TINY.replace('-', '_')}-1.0"
    wheel = f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(page / wheel, "w") as archive:
        archive.writestr(f"{TINY.replace('-', '_')}.py", "")
        archive.writestr(f"{name}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {TINY}\nVersion: 1.0\n")
        archive.writestr(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{name}.dist-info/RECORD", "")
    (page / "index.html").write_text(f'<a href="{wheel}">{wheel}</a>')


def make_venv(folder: Path) -> Path:
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("uv is not in this virtual environment")
    made = subprocess.run([sys.executable, "-m", "venv", folder], check=False, capture_output=True)
    if made.returncode != 0:
        pytest.skip("this Python has no ensurepip")
    (folder / "bin" / "uv").symlink_to(uv)
    return folder


def test_what_pip_alone_is_told_installs_by_uv_and_no_password_is_shown(office: Office) -> None:
    index = f"https://{USER}:{PASSWORD}@127.0.0.1:{office.port}/simple/"
    known = f"[global]\nindex-url = {index}\ncert = {office.authority}\nfind-links =\n  /not/there\n  /nor/there\n"

    assert office.install(known, by="uv").returncode != 0, "uv reads pip.conf by itself now; the script is not needed"

    without_authority = office.install(f"[global]\nindex-url = {index}\ncert =\nretries = 0\n")
    assert without_authority.returncode != 0
    assert "uv could not" in without_authority.stderr
    assert PASSWORD not in without_authority.stdout + without_authority.stderr
    assert not office.installed()

    answer = office.install(known)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    assert office.installed()


def test_pip_installs_where_uv_is_missing(office: Office) -> None:
    (office.venv / "bin" / "uv").unlink()
    index = f"https://{USER}:{PASSWORD}@127.0.0.1:{office.port}/simple/"
    answer = office.install(
        f"[install]\nindex-url = {index}\n[global]\ncert = {office.authority}\nfind-links = /not/there\n"
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert office.installed()
