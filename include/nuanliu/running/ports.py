"""Free ports on 127.0.0.1."""

from __future__ import annotations

import errno
import socket


def free_port(preferred: int) -> int:
    """The preferred port, else the next free one within a hundred, else any. 0: any."""
    for port in (*(range(preferred, preferred + 100) if preferred else ()), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise
                continue
            return int(probe.getsockname()[1])
    raise OSError(errno.EADDRINUSE, "no free port on 127.0.0.1")
