"""What the FAB auth manager is told: accounts in the database unless an OpenID provider is named whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nuanliu.errors import InvalidSetting
from nuanliu.orchestration.logins.settings import ROLES, login_settings
from nuanliu.running import logins
from nuanliu.settings import INCLUDE_DIR

if TYPE_CHECKING:
    from pathlib import Path

OIDC = {
    "NUANLIU_OIDC_ISSUER": "https://id.example.cn/realms/union/",
    "NUANLIU_OIDC_CLIENT_ID": "nuanliu",
    "NUANLIU_OIDC_CLIENT_SECRET": "Top5ecret",
}


def test_without_a_provider_accounts_stand_in_the_database() -> None:
    assert login_settings({"NUANLIU_OIDC_ISSUER": ""})["AUTH_TYPE"] == 1


def test_a_provider_is_asked_by_its_own_description_with_proof_of_who_began() -> None:
    (provider,) = login_settings(OIDC)["OAUTH_PROVIDERS"]
    app = provider["remote_app"]
    assert app["server_metadata_url"] == "https://id.example.cn/realms/union/.well-known/openid-configuration"
    assert app["client_kwargs"]["code_challenge_method"] == "S256"
    assert (app["client_id"], app["client_secret"]) == ("nuanliu", "Top5ecret")


def test_the_clients_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    env = {**OIDC, "NUANLIU_OIDC_CLIENT_SECRET": "", "NUANLIU_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    assert login_settings(env)["OAUTH_PROVIDERS"][0]["remote_app"]["client_secret"] == "from the file"


@pytest.mark.parametrize("missing", ["NUANLIU_OIDC_CLIENT_ID", "NUANLIU_OIDC_CLIENT_SECRET"])
def test_half_a_provider_is_an_error_and_no_silent_return_to_the_database(missing: str) -> None:
    with pytest.raises(InvalidSetting, match=missing):
        login_settings({name: value for name, value in OIDC.items() if name != missing})


@pytest.mark.parametrize("issuer", ["http://id.example.cn", "id.example.cn", "http://10.0.0.7/realms/x"])
def test_a_provider_without_tls_is_refused_beyond_this_machine(issuer: str) -> None:
    with pytest.raises(InvalidSetting, match="https://"):
        login_settings({**OIDC, "NUANLIU_OIDC_ISSUER": issuer})


def test_who_is_in_no_group_may_see_nothing_and_who_leaves_one_loses_its_rights() -> None:
    settings = login_settings(OIDC)
    assert settings["AUTH_USER_REGISTRATION_ROLE"] == "Public"
    assert settings["AUTH_ROLES_SYNC_AT_LOGIN"] is True


def test_groups_are_called_after_the_roles_unless_said_otherwise() -> None:
    mapping = login_settings(OIDC)["AUTH_ROLES_MAPPING"]
    assert mapping["nuanliu-viewer"] == mapping["/nuanliu-viewer"] == ["Viewer"]
    assert {roles[0] for roles in mapping.values()} == set(ROLES.values())


def test_a_role_may_belong_to_several_groups_and_a_group_to_several_roles() -> None:
    mapping = login_settings({**OIDC, "NUANLIU_OIDC_GROUPS": "viewer=省总, viewer=数据组,op=数据组, admin=/it/root"})[
        "AUTH_ROLES_MAPPING"
    ]
    assert mapping["省总"] == ["Viewer"]
    assert mapping["数据组"] == ["Viewer", "Op"]
    assert mapping["/it/root"] == ["Admin"]


@pytest.mark.parametrize("groups", ["nobody=x", "admin", "admin=", "admin=a,,op=b", "Admin=a"])
def test_a_list_of_groups_that_means_nothing_is_an_error(groups: str) -> None:
    with pytest.raises(InvalidSetting, match="NUANLIU_OIDC_GROUPS"):
        login_settings({**OIDC, "NUANLIU_OIDC_GROUPS": groups})


@pytest.mark.parametrize(("address", "secure"), [("https://board.example.cn", True), ("http://localhost:8080", False)])
def test_the_cookie_of_a_session_travels_by_tls_only_where_there_is_tls(address: str, secure: bool) -> None:
    assert login_settings({"AIRFLOW__API__BASE_URL": address})["SESSION_COOKIE_SECURE"] is secure


def test_the_file_that_the_image_names_says_the_same() -> None:
    said: dict[str, object] = {"__name__": "config"}
    exec(compile((INCLUDE_DIR / "webserver_config.py").read_text("utf-8"), "webserver_config.py", "exec"), said)
    assert said["AUTH_TYPE"] == 1
    assert "SECURITY_MANAGER_CLASS" not in said


def test_commands_and_airflow_know_the_same_roles() -> None:
    assert set(logins.ROLES) == set(ROLES)
