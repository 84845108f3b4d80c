"""What Airflow's FAB auth manager reads on a server, as [fab] config_file. The settings are ours: docs/engineers/logins.md."""

from __future__ import annotations

from nuanliu.orchestration.logins.settings import login_settings

globals().update(login_settings())

if "OAUTH_PROVIDERS" in globals():
    from nuanliu.orchestration.logins.provider_accounts import ProviderAccounts as SECURITY_MANAGER_CLASS  # noqa: F401
