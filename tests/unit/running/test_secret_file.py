"""Secrets of a home: drawn once, private, complete."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from nuanliu.running.secret_file import load_secrets

if TYPE_CHECKING:
    from pathlib import Path


def test_secrets_are_drawn_once_and_kept_privately(tmp_path: Path) -> None:
    first = load_secrets(tmp_path)
    assert load_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_two_homes_share_no_secret(tmp_path: Path) -> None:
    one, other = load_secrets(tmp_path / "one"), load_secrets(tmp_path / "other")
    assert not set(vars(one).values()) & set(vars(other).values())


def test_fernet_key_is_one_that_airflow_can_encrypt_with(tmp_path: Path) -> None:
    cipher = Fernet(load_secrets(tmp_path).fernet_key)
    assert cipher.decrypt(cipher.encrypt("密".encode())).decode() == "密"


def test_missing_secret_is_drawn_and_the_others_stay(tmp_path: Path) -> None:
    first = load_secrets(tmp_path)
    kept = json.loads((tmp_path / "secrets.json").read_text())
    del kept["op_password"]
    (tmp_path / "secrets.json").write_text(json.dumps(kept))
    second = load_secrets(tmp_path)
    assert second.op_password != first.op_password
    assert second.jwt_secret == first.jwt_secret


def test_callers_at_once_get_the_same_secrets(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        assert len(set(pool.map(load_secrets, [tmp_path] * 8))) == 1
