"""A wire that can be cut: clients reach a server through it until it is taken down or told where to break."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 1 << 16
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Listens on a port of its own for as long as it is up; every connection is passed on to one server."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._breaks_at: Callable[[bytes], bool] | None = None
        self._passes_it_on = False
        self.broken = 0
        self.port = 0
        self.up()

    def up(self) -> None:
        """Take connections; after ``down`` on the same port again."""
        if self._listener is not None:
            return
        listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def down(self) -> None:
        """Refuse connections and reset those that are open, as when a server process is killed."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.reset()

    def reset(self) -> None:
        """Reset every open connection and take new ones."""
        with self._lock:
            connections, self._open = self._open, set()
        for each in connections:
            _reset(each)

    def break_once(self, when: Callable[[bytes], bool], *, passes_it_on: bool) -> None:
        """Reset the connection on which a client next sends something, before or after the server gets it."""
        self._passes_it_on = passes_it_on
        self._breaks_at = when

    def mend(self) -> None:
        """Up, and no break waiting."""
        self._breaks_at = None
        self.up()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:
                _reset(client)
                continue
            with self._lock:
                self._open |= {client, server}
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_clients: bool) -> None:
        with suppress(OSError):
            while data := source.recv(_BLOCK):
                breaks = is_clients and self._breaks_at is not None and self._breaks_at(data)
                if not breaks or self._passes_it_on:
                    target.sendall(data)
                if breaks:
                    self._breaks_at = None
                    self.broken += 1
                    _reset(source)
                    break
            target.shutdown(socket.SHUT_WR)
        if not is_clients:  # what the server had to say is said
            with self._lock:
                self._open -= {source, target}
            for each in (source, target):
                each.close()


def _reset(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
