"""Airflow's login, as the board needs it. The only module of the board that imports airflow."""

from __future__ import annotations

from typing import Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
from airflow.api_fastapi.core_api.security import requires_access_view

require_login: Any = requires_access_view(AccessView.WEBSITE)
"""A dependency: 401 without a login, 403 without the right to see Airflow's pages."""


def login_url(next_url: str) -> str:
    """Where to log in, and to come back to from there."""
    return str(get_auth_manager().get_url_login(next_url=next_url))
