"""The FAB auth manager's settings from ours: accounts in Airflow's database, or those of an OpenID provider."""

from __future__ import annotations

import os
import re
import urllib.parse
from typing import TYPE_CHECKING, Any

from nuanliu.errors import InvalidSetting
from nuanliu.settings import secret_setting

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLES = {"admin": "Admin", "op": "Op", "viewer": "Viewer"}
"""Our word → the role of Airflow. Viewers read the board and the runs; op also starts, repeats and approves; admin keeps accounts."""
NO_RIGHTS = "Public"
"""The role of who logs in and belongs to no group of ours: every page answers 403."""
_DATABASE, _OAUTH = 1, 4  # flask_appbuilder.const.AUTH_DB and AUTH_OAUTH, which need not be installed to read this
_GROUP = re.compile(r"(?P<role>[a-z]+)=(?P<group>[^,=]+)")
_PROVIDER = "oidc"  # any name that FAB has no special case for: it then asks the standard userinfo endpoint


def login_settings(source: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What ``include/webserver_config.py`` says. ``source``: default this process's variables.

    Without NUANLIU_OIDC_ISSUER accounts stand in Airflow's database. Raises: InvalidSetting.
    """
    env = os.environ if source is None else source
    common = {
        "WTF_CSRF_ENABLED": True,
        "SESSION_COOKIE_SECURE": env.get("AIRFLOW__API__BASE_URL", "").startswith("https://"),
    }
    issuer = env.get("NUANLIU_OIDC_ISSUER")
    if not issuer:
        return {**common, "AUTH_TYPE": _DATABASE}
    client_id = env.get("NUANLIU_OIDC_CLIENT_ID")
    client_secret = secret_setting(env, "NUANLIU_OIDC_CLIENT_SECRET")
    if not client_id or not client_secret:
        raise InvalidSetting(
            "NUANLIU_OIDC_ISSUER is set: set NUANLIU_OIDC_CLIENT_ID and NUANLIU_OIDC_CLIENT_SECRET (or "
            "NUANLIU_OIDC_CLIENT_SECRET_FILE) too"
        )
    return {
        **common,
        "AUTH_TYPE": _OAUTH,
        "OAUTH_PROVIDERS": [
            {
                "name": _PROVIDER,
                "icon": "fa-key",
                "token_key": "access_token",
                "remote_app": {
                    "client_id": client_id,
                    "client_secret": client_secret,
                    "server_metadata_url": f"{_safe(issuer)}/.well-known/openid-configuration",
                    "client_kwargs": {"scope": "openid email profile", "code_challenge_method": "S256"},
                },
            }
        ],
        "AUTH_USER_REGISTRATION": True,
        "AUTH_USER_REGISTRATION_ROLE": NO_RIGHTS,
        "AUTH_ROLES_SYNC_AT_LOGIN": True,  # who leaves a group loses its rights with the next login
        "AUTH_ROLES_MAPPING": _roles_of_groups(env.get("NUANLIU_OIDC_GROUPS") or ""),
    }


def _safe(issuer: str) -> str:
    parts = urllib.parse.urlsplit(issuer)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}):
        return issuer.rstrip("/")
    raise InvalidSetting("NUANLIU_OIDC_ISSUER must begin with https://, as https://id.example.cn/realms/union")


def _roles_of_groups(text: str) -> dict[str, list[str]]:
    """``admin=GROUP,op=GROUP,viewer=GROUP`` → Airflow's roles by group; a role may be named again for a second group.

    Keycloak writes a group with a slash before it unless told otherwise; both spellings count.
    """
    if not text:
        text = ",".join(f"{role}=nuanliu-{role}" for role in ROLES)
    found: dict[str, list[str]] = {}
    for part in text.split(","):
        match = _GROUP.fullmatch(part.strip())
        if match is None or match["role"] not in ROLES:
            raise InvalidSetting(
                f"NUANLIU_OIDC_GROUPS: {part.strip()!r} is not role=group with a role of {', '.join(ROLES)}"
            )
        for group in {match["group"].strip(), f"/{match['group'].strip().lstrip('/')}"}:
            found.setdefault(group, []).append(ROLES[match["role"]])
    return found
