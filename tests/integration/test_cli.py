"""The command line as a person or a program calls it: answers on stdout, one clear line for wrong use, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from nuanliu.cli.app import main
from nuanliu.running.demo import ARRIVAL, SAMPLES
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = next((SAMPLES / "620622").iterdir())
PARTIAL = next((SAMPLES / "620300").iterdir())


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Call ``nuanliu …`` in this process; returns exit code, stdout, stderr."""
    monkeypatch.setenv("NUANLIU_NOW", ARRIVAL)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nuanliu", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return call


def test_a_good_file_is_accepted_without_any_server(run: Any) -> None:
    code, out, _ = run("check", str(GOOD), "--union", "620622")
    assert code == 0
    assert out.startswith("【检查结果:已接收")
    assert "古浪县总工会" in out


def test_a_union_may_be_named_by_its_name(run: Any) -> None:
    _, by_id, _ = run("check", str(GOOD), "--union", "620622", "--json")
    code, by_name, _ = run("check", str(GOOD), "--union", "古浪县总工会", "--json")
    assert (code, by_name) == (0, by_id)


def test_recipients_are_checked_line_by_line_without_any_server(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recipients.csv"
    monkeypatch.setenv("NUANLIU_RECIPIENTS", str(path))
    path.write_text("address,name,role,union_id\na@x.example,甲,leader,\nb@x.example,乙,union,白银市总工会\n", "utf-8")
    code, out, _ = run("recipients", "check", "--json")
    document = json.loads(out)
    assert (code, document["schema"], document["ok"]) == (1, "nuanliu.recipients/1", False)
    assert [problem["line"] for problem in document["problems"]] == [3]
    code, out, _ = run("recipients", "check")
    assert "line 3" in out
    path.write_text("address,name,role,union_id\na@x.example,甲,leader,\n", "utf-8")
    assert run("recipients", "check")[0] == 0


def test_a_partly_wrong_file_names_the_cell_and_is_no_negative_answer(run: Any) -> None:
    code, out, _ = run("check", str(PARTIAL), "--union", "620300")
    assert code == 0
    assert "D9" in out


def test_json_is_one_document_and_nothing_else(run: Any) -> None:
    _, out, _ = run("check", str(PARTIAL), "--union", "620300", "--json")
    receipt = json.loads(out)
    assert receipt["schema"] == "nuanliu.receipt/1"
    assert (receipt["receipt_no"], receipt["status"]) == (None, "partially_accepted")
    assert "time.history.absent" in {finding["rule"] for finding in receipt["findings"]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "{tmp}", "--union", "620400"), "is a directory"),
        (("check", "{tmp}/none.xlsx", "--union", "620400"), "does not exist"),
        (("check", str(GOOD), "--union", "999999"), "unknown union '999999'"),
        (("check", str(GOOD), "--union", "白银"), "620400 白银市总工会"),
        (("drop", str(GOOD), "--union", "临夏"), "give the id or the whole name"),
        (("template", "--union", "白银市总工汇", "-o", "x.xlsx"), "nearest: 白银市总工会"),
        (("replay", "--union", "临夏"), "give the id or the whole name"),
        (("check", str(GOOD), "--union", "620622", "--week", "2024-W53"), "2024 has 52 weeks, its last is 2024-W52"),
        (("check", str(GOOD), "--union", "620000"), "620000-own"),
        (("check", str(GOOD), "--union", "620400", "--week", "2024-49"), "2024-W49"),
        (("check", str(GOOD), "--union", "620400", "--week", "9999-W53"), "9999-W53"),
        (("drop", str(GOOD), "--union", "620400", "--week", "0001-W01"), "0001-W01"),
        (("drop", "{tmp}/none.xlsx", "--union", "620400"), "does not exist"),
    ],
)
def test_wrong_use_is_one_clear_line_and_exit_2(
    run: Any, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert code == 2
    assert out == ""
    assert err.startswith("nuanliu: ")
    assert err.count("\n") == 1
    assert words in err


def test_an_image_gets_a_rejected_receipt_and_no_traceback(run: Any, tmp_path: Path) -> None:
    picture = tmp_path / "照片.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 100)
    code, out, err = run("check", str(picture), "--union", "620400")
    assert code == 1
    assert out.startswith("【检查结果:退回】")
    assert "Traceback" not in out + err


def test_a_bad_arrival_time_is_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANLIU_NOW", "yesterday")
    code, _, err = run("check", str(GOOD), "--union", "620622")
    assert code == 2
    assert "NUANLIU_NOW" in err


def test_drop_never_writes_over_a_waiting_file(run: Any) -> None:
    keys = [json.loads(run("drop", str(GOOD), "--union", "620622", "--json")[1])["objects"][0] for _ in range(2)]
    assert keys[1] == keys[0].replace(".xlsx", "-2.xlsx")


def test_a_warehouse_that_is_not_ready_says_what_to_run(
    run: Any, monkeypatch: pytest.MonkeyPatch, postgres_dsn: str
) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", postgres_dsn)
    code, _, err = run("status")
    assert code == 2
    assert "nuanliu init" in err


def test_a_week_is_played_from_init_to_publish(
    run: Any, monkeypatch: pytest.MonkeyPatch, postgres_dsn: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", postgres_dsn)
    monkeypatch.setenv("NUANLIU_HOME", str(tmp_path))

    def document(*arguments: str) -> dict[str, Any]:
        code, out, err = run(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    document("init")
    document("init")
    document("drop", str(GOOD), "--union", "620622")
    assert [receipt["union_id"] for receipt in document("intake")["receipts"]] == ["620622"]
    assert document("intake")["receipts"] == []
    states = {union["union_id"]: union["state"] for union in document("status")["unions"]}
    assert states["620622"] == "reported"
    figures = {figure["figure_id"]: figure["value"] for figure in document("rollup", "--week", "2024-W49")["figures"]}
    assert figures["2024-W49/620622/all/goods_items/event"] == "200"
    assert len(document("trace", "2024-W49/620622/all/goods_items/event")["cells"]) == 2
    assert document("reconcile")["ok"]
    for _ in range(2):
        code, out, _ = run("publish", "--week", "2024-W49", "--json")
        assert code == 1  # no expected union has reported
        assert json.loads(out)["held"]
    with open_engine(postgres_dsn).connect() as connection:
        told = connection.execute(text("select purpose from outbox where purpose like 'alert/gate/2024-W49/%'")).all()
    assert len(told) == 1  # the one engineer of the example, once a day


def test_an_unknown_figure_is_wrong_use(run: Any, monkeypatch: pytest.MonkeyPatch, warehouse_dsn: str) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", warehouse_dsn)
    code, _, err = run("trace", "2024-W49/620400/all/nothing/event")
    assert code == 2
    assert err.count("\n") == 1


def test_the_module_runs_as_a_program_of_its_own() -> None:
    done = subprocess.run([sys.executable, "-m", "nuanliu", "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "check" in done.stdout


def test_a_backup_goes_to_the_second_place_and_is_verified(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warehouse_dsn: str
) -> None:
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", warehouse_dsn)
    monkeypatch.setenv("NUANLIU_BUCKET", f"file://{tmp_path}/bucket")
    code, _, err = run("backup")
    assert (code, "NUANLIU_BACKUPS" in err) == (2, True)
    monkeypatch.setenv("NUANLIU_BACKUPS", str(tmp_path / "second"))
    assert run("backup")[0] == 0
    (folder,) = (tmp_path / "second").iterdir()
    code, out, _ = run("backup", "--verify", str(folder))
    assert (code, "备份完好" in out) == (0, True)
    (folder / "warehouse.dump").unlink()
    code, out, _ = run("backup", "--verify", str(folder), "--json")
    assert (code, json.loads(out)["problems"]) == (1, ["warehouse.dump: is missing or cannot be read"])
    assert run("backup", "--verify", str(folder), "-o", str(tmp_path / "x"))[0] == 2


ACTING_NAME = "周报\r\x1b[2J\n已接收\x9b31m\u202e.xlsx"


def _acts(text: str) -> bool:
    return not all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_file_name_with_control_characters_never_reaches_the_terminal_raw(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NUANLIU_HOME", str(tmp_path / "home"))
    file = tmp_path / ACTING_NAME
    file.write_bytes(GOOD.read_bytes())
    _, plain, _ = run("check", str(GOOD), "--union", "620622")
    code, out, _ = run("check", str(file), "--union", "620622", *form)
    assert code == 0
    assert not _acts(out)
    assert form or len(out.splitlines()) == len(plain.splitlines())
    code, out, _ = run("drop", str(file), "--union", "620622", *form)
    assert code == 0
    assert not _acts(out)
    assert form or len(out.splitlines()) == 1
    _, _, err = run("check", str(tmp_path / "none\x1b[2J.xlsx"), "--union", "620622\x1b[31m")
    assert "\x1b" not in err
