"""What a server counts, and how it empties itself: what all kinds of servers have of that."""

from __future__ import annotations

import ctypes

from ._ffi import lib, to_text
from .codes import ServerStat, Status
from .errors import Error


def drain(handle: int, deadline_ms: int, batch_ms: int, code: int, reason: str, retry_ms: int) -> None:
    for name, value in (("deadline_ms", deadline_ms), ("batch_ms", batch_ms), ("retry_ms", retry_ms)):
        if not 0 <= value < 2**32:  # ctypes would cut off what does not fit
            raise ValueError(f"{name} must be 0 to {2**32 - 1}, not {value}")
    lib.cryo_server_drain_with(handle, deadline_ms, batch_ms, int(code), to_text(reason), retry_ms)


def stat(handle: int, which: ServerStat, of: int) -> float:
    out = ctypes.c_double()
    lib.cryo_server_stat(handle, int(which), int(of), ctypes.byref(out))
    return out.value


def metrics(handle: int) -> str:
    size = ctypes.c_size_t(8192)
    while True:
        out = ctypes.create_string_buffer(size.value + 1)
        try:
            lib.cryo_server_metrics(handle, out, len(out), ctypes.byref(size))
        except Error as error:
            if error.status != Status.ERR_BUFFER:
                raise
        else:
            return out.raw[: size.value].decode()
