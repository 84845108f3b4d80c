"""The few calls to Airflow's public API that starting, showing and testing the stack need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import httpx

_TIMEOUT_SECONDS = 20.0


@dataclass
class AirflowApi:
    """A logged-in client of one API server. Raises httpx.HTTPError on refusals and lost connections."""

    base_url: str
    username: str
    password: str
    _token: str | None = field(default=None, repr=False)

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """``get("/dags/ingest_submissions/dagRuns", limit=5)``."""
        return self._call("GET", path, query=query)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``post("/dags/roll_up_week/dagRuns", {"logical_date": None})``."""
        return self._call("POST", path, body=body)

    def patch(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``patch("/dags/remind_unions", {"is_paused": True})``."""
        return self._call("PATCH", path, body=body)

    def token(self) -> str:
        """A bearer token, fetched once."""
        if self._token is None:
            answer = httpx.post(
                f"{self.base_url}/auth/token",
                json={"username": self.username, "password": self.password},
                timeout=_TIMEOUT_SECONDS,
                trust_env=False,
            )
            answer.raise_for_status()
            self._token = str(answer.json()["access_token"])
        return self._token

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        answer = httpx.request(
            method,
            f"{self.base_url}/api/v2{path}",
            params=query,
            json=body,
            headers={"Authorization": f"Bearer {self.token()}"},
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
        )
        answer.raise_for_status()
        return cast("dict[str, Any]", answer.json())


def failing_components(base_url: str) -> list[str]:
    """Which of Airflow's four processes are not healthy yet, ``api-server`` when it does not answer. Needs no login."""
    try:
        answer = httpx.get(f"{base_url}/api/v2/monitor/health", timeout=5.0, trust_env=False)
        answer.raise_for_status()
    except httpx.HTTPError:
        return ["api-server"]
    health = answer.json()
    return [
        name
        for name in ("metadatabase", "scheduler", "dag_processor", "triggerer")
        if health[name]["status"] != "healthy"
    ]
