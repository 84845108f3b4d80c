"""What pip is configured with reaches uv: every level, several values a key, and nothing secret on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.uv_like_pip import Translated, effective_options, hide_credentials, translate


def translated(listing: str, environ: dict[str, str] | None = None, *, system_certs: bool = False) -> Translated:
    return translate(effective_options(listing), environ or {}, system_certs=system_certs)


def test_without_a_configuration_uv_is_left_as_it_is() -> None:
    assert translated("") == Translated({}, [])


def test_mirrors_and_further_indexes_are_asked_as_pip_asks_them() -> None:
    listing = (
        "global.index-url='https://mirror.example/simple'\n"
        "global.extra-index-url='\\nhttps://a.example/simple\\nfile:///srv/b'\n"
        "global.trusted-host='mirror.example a.example:8443'\n"
    )
    assert translated(listing).env == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://a.example/simple file:///srv/b",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_INSECURE_HOST": "mirror.example a.example:8443",
    }


def test_install_wins_over_global_and_the_environment_over_both() -> None:
    listing = (
        ":env:.timeout='9'\n"
        "install.index-url='https://install.example/simple'\n"
        "install.timeout='8'\n"
        "global.index-url='https://global.example/simple'\n"
        "global.timeout='7'\n"
        "download.index-url='https://download.example/simple'\n"
    )
    assert translated(listing).env == {"UV_DEFAULT_INDEX": "https://install.example/simple", "UV_HTTP_TIMEOUT": "9"}


@pytest.mark.parametrize(
    "listing",
    ["WARNING: something\n", "global.index-url=unquoted\n", "global.index-url=''\n", "no equals sign\n", "a='b'\n"],
)
def test_lines_that_say_nothing_are_passed_over(listing: str) -> None:
    assert translated(listing) == Translated({}, [])


def test_a_folder_of_wheels_that_does_not_exist_is_not_mentioned_to_uv(tmp_path: Path) -> None:
    there = tmp_path / "轮子"
    there.mkdir()
    places = [str(there), there.as_uri(), "https://wheels.example/", str(tmp_path / "none"), (tmp_path / "no").as_uri()]
    kept = translated(f"global.find-links={' '.join(places)!r}\n").env["UV_FIND_LINKS"]
    assert kept.split(",") == places[:3]
    assert translated(f"global.find-links={places[3]!r}\n").env == {}


def test_a_companys_certificates_replace_the_public_ones(tmp_path: Path) -> None:
    bundle = tmp_path / "company.pem"
    bundle.touch()
    before = {"SSL_CERT_FILE": "/else.pem", "SSL_CERT_DIR": "/else"}
    assert translated(f"global.cert={str(bundle)!r}\n", before, system_certs=True).env == {
        "SSL_CERT_FILE": str(bundle),
        "SSL_CERT_DIR": "",
    }
    assert translated(f"global.cert={str(tmp_path)!r}\n").env == {"SSL_CERT_DIR": str(tmp_path), "SSL_CERT_FILE": ""}
    assert translated("global.client-cert='/me.pem'\n").env == {"SSL_CLIENT_CERT": "/me.pem"}


def test_without_a_bundle_the_machines_certificates_count_as_they_do_for_pip() -> None:
    assert translated("", system_certs=True).env == {"UV_SYSTEM_CERTS": "1"}
    requests = {"REQUESTS_CA_BUNDLE": "/company.pem"}
    assert translated("", requests, system_certs=True).env == {"SSL_CERT_FILE": "/company.pem", "SSL_CERT_DIR": ""}
    assert translated("", {"SSL_CERT_FILE": "/mine.pem"}, system_certs=True).env == {}


def test_proxies_constraints_and_patience() -> None:
    listing = (
        "global.proxy='proxy.example:3128'\nglobal.constraint='/etc/a.txt /etc/b.txt'\nglobal.default_timeout='180'\n"
        "global.retries='7'\ninstall.no-binary='x,y'\nglobal.only-binary=':all:'\nglobal.no-index='true'\n"
    )
    result = translated(listing)
    proxy = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://proxy.example:3128")
    assert result.env == {
        "UV_CONSTRAINT": "/etc/a.txt /etc/b.txt",
        "UV_HTTP_TIMEOUT": "180",
        "UV_HTTP_RETRIES": "7",
        **proxy,
    }
    assert result.flags == ["--no-index", "--no-binary=x", "--no-binary=y", "--only-binary=:all:"]


def test_what_somebody_told_uv_itself_stays() -> None:
    mine = {"UV_INDEX_URL": "https://mine.example/simple", "UV_FIND_LINKS": "/mine"}
    listing = "global.index-url='https://mirror.example/simple'\nglobal.find-links='/'\nglobal.timeout='5'\n"
    assert translated(listing, mine).env == {"UV_HTTP_TIMEOUT": "5"}


def test_no_password_of_an_address_is_shown() -> None:
    line = "error: https://li:p%40ss/word@mirror.example/simple/ and http://token@b.example, mail a@b.example"
    shown = hide_credentials(line)
    assert "p%40ss" not in shown
    assert "token" not in shown
    assert "mirror.example/simple/" in shown
    assert "mail a@b.example" in shown
