"""What Airflow's FAB auth manager reads on a server, as [fab] config_file. The settings are ours: docs/engineers/logins.md."""

from __future__ import annotations

from nuanliu.orchestration.logins.settings import login_settings

globals().update(login_settings())
