"""What the declarations of scripting languages have in common: handles as numbers, constants, and the setters of options as data."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Tuple

NUMBERS = {
    "i32": "int32_t", "u32": "uint32_t", "i64": "int64_t", "u64": "uint64_t", "u16": "uint16_t", "size": "size_t",
    "f64": "double", "status": "int32_t",
}  # fmt: skip
# A handle is a number, never an address; so it is one in languages whose pointers are objects.
C_TYPES = {
    "nothing": "void", "handle": "uintptr_t", "handle_out": "uintptr_t *", "handles": "const uintptr_t *",
    "handles_out": "uintptr_t *", "pointer": "uintptr_t", "pointer_out": "uintptr_t *", "function": "void *",
    "text": "const char *", "text_out": "char *", "bytes": "const char *", "bytes_out": "uint8_t *",
    "batch": "const uint8_t **", **NUMBERS,
}  # fmt: skip
LENT = {"cryo_queue_release"}  # its bytes are the library's own
# What an object of the language does for the option: it is no plain value.
NO_VALUES = {"validator", "events", "loop", "token_provider"}


def prototype(name: str, function: Dict[str, Any]) -> str:
    """In C, without a line end."""
    kinds = [_c_type(each, name in LENT) for each in function["parameters"]]
    result = "const char *" if function["returns"]["kind"] == "text" else _c_type(function["returns"], True)
    return f"{result} {name}({', '.join(kinds) or 'void'});".replace("* ", "*")


def _c_type(of: Dict[str, Any], lent: bool) -> str:
    if of["kind"] == "number_out":
        return NUMBERS[of["of"]] + " *"
    return "const uint8_t *" if lent and of["kind"] == "bytes" else C_TYPES[of["kind"]]


def constants(api: Dict[str, Any]) -> Iterator[Tuple[str, int]]:
    """Without the prefix."""
    for name, value in api["constants"].items():
        yield name[len("CRYO_") :], value
    for each in api["enumerations"]:
        for name, constant in each["constants"].items():
            yield name[len("CRYO_") :], constant["value"]


def options(api: Dict[str, Any], which: str) -> List[Tuple[str, str, str, List[str]]]:
    """The options of a "server" or "client": name, what sets it, what adds to it ("": nothing), and the kinds of its values,
    where "bytes" stands for them and their length, and "id" for the 16 bytes of a session's."""
    found: Dict[str, List[Any]] = {}
    for function, described in api["functions"].items():
        match = re.fullmatch(rf"cryo_{which}_options_(set_|add_|)(\w+)", function)
        if not match or match[2] in NO_VALUES or match[2] in ("new", "free"):
            continue
        parameters = described["parameters"][1:]
        lengths = [each.get("length") for each in parameters]
        kinds = [_value_kind(each) for each in parameters if each["name"] not in lengths]
        entry = found.setdefault(match[2], ["", "", kinds])
        entry[1 if match[1] == "add_" else 0] = function
    return [(name, *entry) for name, entry in found.items()]


def _value_kind(parameter: Dict[str, Any]) -> str:
    return "id" if parameter["kind"] == "bytes" and "length" not in parameter else str(parameter["kind"])
