"""Where things are and what time it is. Built once per process, inside the task or command, never at import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from nuanliu.errors import InvalidSetting

SHANGHAI = ZoneInfo("Asia/Shanghai")
INCLUDE_DIR = Path(__file__).resolve().parent.parent
"""``include/``: contracts, reference data, SQL, templates and migrations lie here."""
SECRETS = (
    "NUANLIU_WAREHOUSE_DSN",
    "NUANLIU_BOARD_DSN",
    "NUANLIU_OWNER_DSN",
    "NUANLIU_METADATA_DSN",
    "NUANLIU_SERVER_DSN",
    "NUANLIU_WAREHOUSE_PASSWORD",
    "NUANLIU_BOARD_PASSWORD",
    "NUANLIU_OWNER_PASSWORD",
    "NUANLIU_METADATA_PASSWORD",
    "NUANLIU_SERVER_PASSWORD",
    "NUANLIU_SMTP_URL",
    "NUANLIU_OIDC_CLIENT_SECRET",
    "AWS_SECRET_ACCESS_KEY",
)
"""Settings whose value nobody may see. Each may stand in a file that its name with ``_FILE`` names."""


LEAST_YEARS = 2
"""统计法实施条例 art. 22: originals of statistical material are kept for at least two years."""


@dataclass(frozen=True)
class Keeping:
    """How long things are kept. None: for ever.

    ``originals_years``: dropped files and their receipts. ``quarantine_days``: rejected lists of persons. Published editions
    are never deleted. ``daily``, ``weekly``, ``monthly``: of how many days, weeks and months a backup stays.
    ``metadata_days``, ``logs_days``: what Airflow notes of its runs, and what the tasks wrote down.
    """

    originals_years: int | None = None
    quarantine_days: int | None = None
    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    metadata_days: int = 90
    logs_days: int = 90

    @classmethod
    def from_env(cls, source: Mapping[str, str]) -> Keeping:
        """Raises: InvalidSetting for what is no number, or less than may be."""
        return cls(
            originals_years=_parse_years(source.get("NUANLIU_KEEP_ORIGINALS_YEARS")),
            quarantine_days=_parse_count(source, "NUANLIU_KEEP_QUARANTINE_DAYS", None),
            daily=_parse_count(source, "NUANLIU_BACKUPS_DAILY", cls.daily) or cls.daily,
            weekly=_parse_count(source, "NUANLIU_BACKUPS_WEEKLY", cls.weekly, least=0) or 0,
            monthly=_parse_count(source, "NUANLIU_BACKUPS_MONTHLY", cls.monthly, least=0) or 0,
            metadata_days=_parse_count(source, "NUANLIU_KEEP_METADATA_DAYS", cls.metadata_days) or cls.metadata_days,
            logs_days=_parse_count(source, "NUANLIU_KEEP_LOGS_DAYS", cls.logs_days) or cls.logs_days,
        )


@dataclass(frozen=True)
class Settings:
    """The settings of one process.

    ``bucket_url``: object store root, ``file://…`` or ``s3://…``. ``warehouse_dsn``: None means the embedded server.
    ``now``: a pinned arrival time (aware), None means the wall clock. ``smtp_url``: ``smtp://[user:password@]host:port``,
    ``smtps://…`` for TLS from the start, ``?starttls=yes`` to require it. ``recipients``: the CSV of mail recipients.
    ``settle_seconds``: how long a file in a folder must lie unchanged before it counts as complete. ``board_dsn``: the
    warehouse for the board's eyes, under a login of its own; None means the warehouse's own login in the board's role.
    ``backups``: the second place, a folder in which each backup gets its own; None: none is made by itself.
    ``owner_dsn``: the warehouse for whoever changes its tables (init, replay, restore); None means one login for everything.
    ``bucket_key``: key and secret for s3fs where the secret stands in a file; None leaves them to the AWS variables.
    """

    home: Path
    bucket_url: str
    warehouse_dsn: str | None = field(repr=False)
    now: datetime | None
    smtp_url: str = field(default="smtp://127.0.0.1:1025", repr=False)
    mail_from: str = "nuanliu@localhost"
    recipients: Path = INCLUDE_DIR / "reference" / "recipients.example.csv"
    settle_seconds: float = 5.0
    backups: Path | None = None
    keeping: Keeping = field(default_factory=Keeping)
    board_dsn: str | None = field(default=None, repr=False)
    owner_dsn: str | None = field(default=None, repr=False)
    bucket_key: Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def var(self) -> Path:
        """Everything the program writes lies under this folder."""
        return self.home / "var"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the NUANLIU_* variables; the README lists them.

        Raises: InvalidSetting when NUANLIU_NOW is not ISO 8601 with an offset, a number is none, or a secret's file cannot
        be used.
        """
        source = os.environ if env is None else env
        home = Path(source.get("NUANLIU_HOME") or INCLUDE_DIR.parent).expanduser().resolve()
        bucket = source.get("NUANLIU_BUCKET") or (home / "var" / "bucket").as_uri()
        return cls(
            home=home,
            bucket_url=bucket.rstrip("/"),
            warehouse_dsn=database_setting(source, "NUANLIU_WAREHOUSE_DSN"),
            now=_parse_now(source.get("NUANLIU_NOW")),
            smtp_url=secret_setting(source, "NUANLIU_SMTP_URL") or cls.smtp_url,
            mail_from=source.get("NUANLIU_MAIL_FROM") or cls.mail_from,
            recipients=Path(source.get("NUANLIU_RECIPIENTS") or cls.recipients),
            board_dsn=database_setting(source, "NUANLIU_BOARD_DSN"),
            owner_dsn=database_setting(source, "NUANLIU_OWNER_DSN"),
            bucket_key=_bucket_key(source),
            settle_seconds=_parse_seconds(source.get("NUANLIU_SETTLE_SECONDS"), cls.settle_seconds),
            backups=Path(backups).expanduser().resolve() if (backups := source.get("NUANLIU_BACKUPS")) else None,
            keeping=Keeping.from_env(source),
        )

    @property
    def is_server(self) -> bool:
        """Whether the store stands on a server, not on one machine of its own beside the program."""
        return self.bucket_url.startswith("s3://") or self.warehouse_dsn is not None

    def clock(self) -> datetime:
        """The arrival time to use now, in UTC."""
        return self.now or datetime.now(UTC)

    def at(self, now: datetime) -> Settings:
        """The same settings at another time."""
        return replace(self, now=now.astimezone(UTC))


def secret_setting(source: Mapping[str, str], name: str) -> str | None:
    """A secret, from its variable or from the file that ``<name>_FILE`` names; None when neither is set.

    Line ends at the end of the file are no part of it.
    Raises: InvalidSetting when both are set, or the file is not one line of text.
    """
    value, file = source.get(name), source.get(f"{name}_FILE")
    if not file:
        return value or None
    if value:
        raise InvalidSetting(f"{name} and {name}_FILE are both set; unset one of them")
    return secret_in(Path(file), f"{name}_FILE")


def database_setting(source: Mapping[str, str], name: str) -> str | None:
    """The address of a database, as ``secret_setting`` finds it, with the password of ``…_PASSWORD`` put in where that is set.

    ``name``: ends in ``_DSN``. Raises: InvalidSetting when the address has a password already, or no login.
    """
    dsn = secret_setting(source, name)
    password_name = f"{name.removesuffix('_DSN')}_PASSWORD"
    password = secret_setting(source, password_name) if dsn else None
    if dsn is None or password is None:
        return dsn
    scheme, mark, rest = dsn.partition("://")
    login, at, place = rest.rpartition("@")
    if not (mark and at and login) or ":" in login:
        raise InvalidSetting(
            f"{password_name} is set: {name} must name a login without a password, as postgresql://login@host/database"
        )
    return f"{scheme}://{login}:{quote(password, safe='')}@{place}"


def secret_in(path: Path, called: str) -> str:
    """The one line of a file, without its line end. ``called``: what named the file, for messages, which show no content.

    Raises: InvalidSetting when the file is not one line of text.
    """
    told = f"{called}={str(path)!r}"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidSetting(f"{told} cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidSetting(f"{told} is not UTF-8 text") from None  # the cause would show the bytes
    for problem, is_so in (
        ("is empty", not text),
        ("holds more than one line", "\n" in text or "\r" in text),
        ("holds a zero byte", "\0" in text),
    ):
        if is_so:
            raise InvalidSetting(f"{told} {problem}")
    return text


def _bucket_key(source: Mapping[str, str]) -> dict[str, str] | None:
    """s3fs reads the AWS variables by itself, and knows no file for the secret alone."""
    if not source.get("AWS_SECRET_ACCESS_KEY_FILE"):
        return None
    secret = secret_setting(source, "AWS_SECRET_ACCESS_KEY")
    if not (key := source.get("AWS_ACCESS_KEY_ID")):
        raise InvalidSetting("AWS_SECRET_ACCESS_KEY_FILE is set and AWS_ACCESS_KEY_ID is not; set both")
    return {"key": key, "secret": str(secret)}


def _parse_now(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidSetting(f"NUANLIU_NOW={text!r} is not ISO 8601; write e.g. 2024-12-09T09:00+08:00") from error
    if parsed.tzinfo is None:
        raise InvalidSetting(f"NUANLIU_NOW={text!r} has no offset; write e.g. 2024-12-09T09:00+08:00")
    return parsed.astimezone(UTC)


def _parse_seconds(text: str | None, default: float) -> float:
    if not text:
        return default
    try:
        return float(text)
    except ValueError as error:
        raise InvalidSetting(f"NUANLIU_SETTLE_SECONDS={text!r} is not a number of seconds") from error


def _parse_years(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) < LEAST_YEARS:
        raise InvalidSetting(
            f"NUANLIU_KEEP_ORIGINALS_YEARS={text!r}: originals and receipts are kept for at least {LEAST_YEARS} years "
            "(统计法实施条例 art. 22); write a whole number of years from there, or unset it to keep them for ever"
        )
    return int(text)


def _parse_count(source: Mapping[str, str], name: str, default: int | None, *, least: int = 1) -> int | None:
    text = source.get(name)
    if not text:
        return default
    if not text.isdecimal() or int(text) < least:
        raise InvalidSetting(f"{name}={text!r} is not a whole number from {least}")
    return int(text)
