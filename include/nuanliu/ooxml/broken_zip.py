"""What the standard library raises for a container that is no sound zip."""

from __future__ import annotations

import struct
import zipfile
import zlib

BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    NotImplementedError,
    ValueError,
    IndexError,
)
"""NotImplementedError: a compression it does not know. Besides these, RuntimeError is its word for a password."""
