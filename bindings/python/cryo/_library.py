"""Finds and opens libcryo."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
from pathlib import Path
from typing import List

# CRYO_ABI_VERSION of the cryo.h that this package was written against.
ABI_VERSION = 1

if sys.platform == "win32":
    _NAMES = ["cryo.dll", "libcryo.dll"]
elif sys.platform == "darwin":
    _NAMES = [f"libcryo.{ABI_VERSION}.dylib", "libcryo.dylib"]
else:
    _NAMES = [f"libcryo.so.{ABI_VERSION}", "libcryo.so"]

_HELP = (
    "Install libcryo, or set the environment variable CRYO_LIBRARY to the path of the library file "
    f"({_NAMES[0]})."
)


def open_library() -> ctypes.CDLL:
    """Opens the library that CRYO_LIBRARY names; else one that lies beside this package; else the system's.

    Raises ImportError, with what was tried, when there is none or it speaks another ABI.
    """
    named = os.environ.get("CRYO_LIBRARY")
    if named:
        return _checked(_open(named, f"CRYO_LIBRARY is {named!r}, which cannot be loaded"), named)
    beside = [Path(__file__).with_name(name) for name in _NAMES]
    for path in beside:
        if path.exists():
            return _checked(_open(str(path), f"{path} cannot be loaded"), str(path))
    return _system_library()


def _open(path: str, complaint: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"cryo: {complaint}: {error}. {_HELP}") from error


def _system_library() -> ctypes.CDLL:
    tried: List[str] = []
    # The plain name first: find_library may run a compiler to answer, and knows no version.
    for name in [_NAMES[0], ctypes.util.find_library("cryo"), *_NAMES[1:]]:
        if not name:
            continue
        try:
            library = ctypes.CDLL(name)
        except OSError as error:
            tried.append(str(error))
        else:
            return _checked(library, name)
    raise ImportError(f"cryo: libcryo was not found ({'; '.join(tried)}). {_HELP}")


def _checked(library: ctypes.CDLL, name: str) -> ctypes.CDLL:
    try:
        abi_version = library.cryo_abi_version
    except AttributeError:
        raise ImportError(f"cryo: {name} is not libcryo: it has no cryo_abi_version. {_HELP}") from None
    abi_version.restype = ctypes.c_uint32
    found = abi_version()
    if found != ABI_VERSION:
        raise ImportError(
            f"cryo: {name} has ABI version {found}; this package needs {ABI_VERSION}. "
            "Install the package and the library of the same release."
        )
    return library
