"""ctypes: bindings/python/cryo/_abi.py."""

from __future__ import annotations

from typing import Any, Dict

NAME = "Python"
SOURCES = ["bindings/python/cryo/*.py"]
COMPUTED = [
    r"cryo_(server|client)_options_(set|add)_\w+",  # the package's own test compares them with its keywords
    r"cryo_(server|client)_(add|remove|find)_extension",
    r"cryo_(auth|session)_peer_certificate_\w+",
]

NUMBERS = {
    "i32": "c_int32", "u32": "c_uint32", "i64": "c_int64", "u64": "c_uint64", "u16": "c_uint16", "size": "c_size_t",
    "f64": "c_double", "status": "status",
}  # fmt: skip
# Bytes that the library lends come as an address: they may hold NULs, and so may a batch.
TYPES = {
    "nothing": "None", "handle": "handle", "handle_out": "handle_out", "handles": "handle_out", "handles_out": "handle_out",
    "pointer": "user", "pointer_out": "handle_out", "batch": "handle_out", "text": "text", "text_out": "buffer",
    "bytes": "data", "bytes_out": "buffer", **NUMBERS,
}  # fmt: skip
LENT = {"cryo_queue_release"}


def _type(of: Dict[str, Any], lent: bool) -> str:
    if of["kind"] == "function":
        return "finalizer_fn" if of["of"] == "cryo_finalizer" else str(of["of"])[len("cryo_") :]
    if of["kind"] == "number_out":
        return f"POINTER({NUMBERS[of['of']]})"
    return "c_void_p" if lent and of["kind"] == "bytes" else TYPES[of["kind"]]


def write(api: Dict[str, Any]) -> Dict[str, str]:
    lines = ['"""The types and functions of cryo.h. Written by bindings/api/update.py; do not edit."""', ""]
    lines += ["from __future__ import annotations", "", "from ctypes import (", "    CFUNCTYPE,", "    POINTER,"]
    used = ("c_char_p", "c_double", "c_int32", "c_int64", "c_size_t", "c_uint16", "c_uint32", "c_uint64", "c_void_p")
    lines += [f"    {name}," for name in used] + [")", "from typing import Any, Dict, List, Tuple", "", ""]
    lines += ["class status(c_int32):", '    """``cryo_status``, told apart from other numbers so that it is checked."""']
    lines += ["", "", "handle = c_void_p", "handle_out = POINTER(c_void_p)", "text = c_char_p  # NUL-terminated UTF-8"]
    lines += ["data = c_char_p  # bytes with a length beside them: `bytes`, or None for NULL"]
    lines += ["buffer = c_char_p  # written by the library: create_string_buffer(), or None for NULL", "user = c_void_p", ""]
    lines += ["# What the library calls. Bytes with a length come as an address: they may hold NULs."]
    for name, callback in api["callbacks"].items():
        short = _type({"kind": "function", "of": name}, False)
        # A token is text with a length beside it, and lent as bytes are.
        kinds = [
            "c_void_p" if each["kind"] in ("text", "bytes") and behind.get("name") == "len" else _type(each, True)
            for each, behind in zip(callback["parameters"], [*callback["parameters"][1:], {}])
        ]
        lines.append(f"{short} = CFUNCTYPE({', '.join(['None', *kinds])})")
    lines += ["", "# Each with what it gives and what it takes.", "FUNCTIONS: Dict[str, Tuple[Any, List[Any]]] = {"]
    for name, function in api["functions"].items():
        kinds = [_type(each, name in LENT) for each in function["parameters"]]
        lines.append(f'    "{name}": ({_type(function["returns"], True)}, [{", ".join(kinds)}]),')
    return {"bindings/python/cryo/_abi.py": "\n".join([*lines, "}", ""])}
