"""FAB's accounts where an OpenID provider says who somebody is. Imported only there, and only where FAB is installed."""

from __future__ import annotations

from typing import Any

from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride


class ProviderAccounts(FabAirflowSecurityManagerOverride):
    """Everybody comes from the provider; passwords that stand in the database open nothing."""

    def get_oauth_user_info(self, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
        """Who the provider says it is, by its standard userinfo endpoint.

        FAB takes that answer as it comes. OpenID Connect Core 5.3.2 wants its ``sub`` compared with the login's.
        Raises: ValueError for an answer about somebody else.
        """
        said = self.oauth_remotes[provider].userinfo(token=resp)
        if said.get("sub") != resp.get("userinfo", {}).get("sub"):
            raise ValueError("the provider's userinfo is not about the one who logged in")
        groups = said.get("groups")
        return {
            "username": said.get("preferred_username", ""),
            "first_name": said.get("given_name", ""),
            "last_name": said.get("family_name", ""),
            "email": said.get("email", ""),
            "role_keys": groups if isinstance(groups, list) else [],
        }

    def auth_user_db(self, username: str, password: str, rotate_session_id: bool = True) -> None:
        """Nobody. FAB would ask the database for /auth/token whatever the login page does."""
