"""Write what is shipped as a CycloneDX document, build/audit/sbom.cdx.json."""

from __future__ import annotations

import json
import subprocess
import sys

from locks import BUILD, PROJECT, SHIPPED, pinned, written

SBOM = BUILD / "sbom.cdx.json"


def main() -> int:
    """Write the document, and say what it lacks: the exit code."""
    command = [
        sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(written(*SHIPPED)),
        "--pyproject", str(PROJECT / "pyproject.toml"), "--spec-version", "1.6", "--output-format", "JSON",
        "--output-reproducible", "--output-file", str(SBOM),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        print(f"  cyclonedx-py failed: {done.stderr.strip()}")
        return 1
    listed = {part["name"]: part["version"] for part in json.loads(SBOM.read_text("utf-8"))["components"]}
    missing = sorted(set(pinned(*SHIPPED).items()) - set(listed.items()))
    print(f"  {len(listed)} components in {SBOM.relative_to(PROJECT)}" + (f"; missing: {missing}" * bool(missing)))
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
