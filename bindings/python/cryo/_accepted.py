"""What a validator accepts with: kept by the library with the session, as a number that stands for it."""

from __future__ import annotations

import ctypes
import itertools
from typing import Any, Dict, Optional

from . import _abi
from ._ffi import lib
from .errors import NotFound

_KEY = b"cryo.accepted"

# Not in the table of what the library calls: nobody waits for these at the end of the program.
_values: Dict[int, Any] = {}
_numbers = itertools.count(1)


def _forgotten(number: Optional[int]) -> None:
    _values.pop(number or 0, None)


_finalizer = _abi.finalizer_fn(_forgotten)


def give(ticket: int, value: Any) -> None:
    """Before the ticket is settled. Raises StateError when it is."""
    number = next(_numbers)
    _values[number] = value
    try:
        lib.cryo_auth_set(ticket, _KEY, number, _finalizer)
    except BaseException:
        del _values[number]
        raise


def of_session(session: int) -> Any:
    """None where there is nothing."""
    out = ctypes.c_void_p()
    try:
        lib.cryo_session_get(session, _KEY, ctypes.byref(out))
    except NotFound:
        return None
    return _values.get(out.value or 0)
