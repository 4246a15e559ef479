"""Every function of cryo.h, ready to be called, and what is needed to call them.

A ``cryo_status`` is checked on the way back: a negative one is raised as :class:`cryo.Error`. Handles are integers,
None for NULL. Python's lock is not held during a call: calls may wait for callbacks.
"""

from __future__ import annotations

import ctypes
import math
from ctypes import c_size_t, c_void_p
from typing import Any, Callable, Optional

from ._abi import FUNCTIONS, finalizer_fn, log_fn, status, token_fn
from ._library import open_library
from .errors import error_for

# NULL instead of a function.
no_finalizer: Any = ctypes.cast(0, finalizer_fn)
no_log: Any = ctypes.cast(0, log_fn)
no_token_provider: Any = ctypes.cast(0, token_fn)


def raise_for(number: int) -> None:
    """Raises the exception for a negative status, with what the library has to say about it."""
    if number < 0:
        said: bytes = lib.cryo_last_error()
        name: bytes = lib.cryo_status_name(number)
        raise error_for(number, name.decode("utf-8", "replace"), said.decode("utf-8", "replace"))


def _check(result: Any, _function: Any, _arguments: Any) -> int:
    number: int = result.value
    raise_for(number)
    return number


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, arguments) in FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"cryo: the library has no {name}; it is older than this package.") from None
        function.argtypes = arguments
        function.restype = result
        if result is status:
            function.errcheck = _check
    return library


lib: Any = _declare(open_library())


def new_handle(function: Callable[..., int], *arguments: Any) -> int:
    """Calls a function whose last argument is where it writes a handle."""
    out = c_void_p()
    function(*arguments, ctypes.byref(out))
    assert out.value is not None
    return out.value


def read_text(function: Callable[..., int], *arguments: Any) -> str:
    """Calls a function that ends in (out, capacity, len): once for the length, once for the text."""
    length = c_size_t()
    function(*arguments, None, 0, ctypes.byref(length))
    out = ctypes.create_string_buffer(length.value + 1)
    function(*arguments, out, len(out), ctypes.byref(length))
    return out.raw[: length.value].decode("utf-8", "replace")


def read_bytes(address: Optional[int], length: int) -> bytes:
    """A copy of what the library lends."""
    return ctypes.string_at(address, length) if address and length else b""


def to_text(value: str) -> bytes:
    """Text as the library takes it. ValueError when it holds a NUL, which would cut it short."""
    encoded = value.encode("utf-8")
    if b"\0" in encoded:
        raise ValueError("the text must not contain a NUL character")
    return encoded


def to_expiry(seconds: float) -> int:
    """Seconds as int64 milliseconds, rounded down: a token is not good for longer than it says. Infinity is never."""
    most = 2**63 - 1
    if seconds == math.inf:
        return most
    return min(max(math.floor(seconds * 1000), 0), most)


def to_milliseconds(seconds: Optional[float]) -> int:
    """Seconds as the library's int32 milliseconds, rounded up; None is for ever (-1)."""
    if seconds is None or seconds == math.inf:
        return -1
    return min(max(math.ceil(seconds * 1000), 0), 2**31 - 1)
