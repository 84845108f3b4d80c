"""What a process that forks tasks has at hand, and how an edited data file reaches tasks without a restart."""

from __future__ import annotations

import json
import subprocess
import sys

_SCRIPT = """
import json, os, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from nuanliu.operations.upkeep import warming
from nuanliu.operations.drops.check_drop import check_file

NOW = datetime(2024, 12, 9, 1, tzinfo=UTC)
cold = warming.forget_stale_data()
warming.warm_up(NOW)
threads = threading.active_count()
from nuanliu.contract.code_lists import codes
before, modules = codes(), set(sys.modules)
warming.warm_up(NOW)
sample = next(Path("include/samples/2024-W49/622900").glob("*.xlsx"))
receipt = check_file(sample.read_bytes(), sample.name, union_id="622900", week=None, received_at=NOW)
late = sorted(name for name in set(sys.modules) - modules if name.split(".")[0] not in {"encodings", "multiprocessing"})
unchanged = warming.forget_stale_data()
kept = codes() is before
edited = Path(sys.argv[1]) / "extra.csv"
warming._DATA = (*warming._DATA, edited.parent)
edited.write_text("id,name\\n")
print(json.dumps({
    "cold": cold, "threads": threads, "status": receipt.status, "late": late, "unchanged": unchanged, "kept": kept,
    "changed": warming.forget_stale_data(), "again": warming.forget_stale_data(), "fresh": codes() is not before,
}))
"""


def test_a_warm_process_imports_nothing_more_and_sees_edited_data(tmp_path: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path)], capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("status") == "accepted_with_warnings"
    assert [
        name for name in found.pop("late") if name.split(".")[0] in {"nuanliu", "great_expectations", "openpyxl"}
    ] == []
    assert found == {
        "cold": False,
        "threads": 1,
        "unchanged": False,
        "kept": True,
        "changed": True,
        "again": False,
        "fresh": True,
    }
