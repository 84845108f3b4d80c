"""What the kernel tells of files in a folder, through watchdog, so that nobody has to wait until a whole one has lain still."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileClosedEvent, FileCreatedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers.inotify import InotifyObserver

from nuanliu.storage.objects import News


class FolderWatch:
    """Watches a folder and all below it until it is closed. The kernel tells of this machine's writers only."""

    def __init__(self, folder: Path, tell: Callable[[Path, News], None]) -> None:
        """``tell`` is called in a thread of the watch's own. Raises: OSError where the kernel has no watch left."""
        self._observer = InotifyObserver(generate_full_events=True)
        kinds: list[type[FileSystemEvent]] = [FileMovedEvent, FileClosedEvent, FileCreatedEvent]
        self._observer.schedule(_Handler(tell), os.fspath(folder), recursive=True, event_filter=kinds)
        self._observer.start()

    def close(self) -> None:
        """Tell nothing any more."""
        self._observer.stop()
        self._observer.join()


class _Handler(FileSystemEventHandler):
    def __init__(self, tell: Callable[[Path, News], None]) -> None:
        self._tell = tell

    def on_moved(self, event: FileSystemEvent) -> None:
        if event.dest_path:  # else it was moved away
            self._tell(Path(os.fsdecode(event.dest_path)), News.MOVED)

    def on_closed(self, event: FileSystemEvent) -> None:
        self._tell(Path(os.fsdecode(event.src_path)), News.CLOSED)

    def on_created(self, event: FileSystemEvent) -> None:
        self._tell(Path(os.fsdecode(event.src_path)), News.CREATED)
