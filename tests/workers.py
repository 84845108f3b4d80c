"""How several workers share the tests: file by file in the order of their names, but all whole stacks on one of them.

Stacks wait for their processes most of the time, so the other workers have the machine meanwhile; two stacks at once would
slow each other down.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

STACKS = "tests/e2e"


class StacksOnOneWorker(LoadFileScheduling):
    """xdist's ``loadfile`` in which ``tests/e2e`` counts as one file."""

    def _split_scope(self, nodeid: str) -> str:
        path = str(super()._split_scope(nodeid))
        return STACKS if path.startswith(f"{STACKS}/") else path
