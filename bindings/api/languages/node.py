"""koffi: what bindings/node declares, its constants, and its options with their types."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator, List, Optional, Tuple

NAME = "Node"
SOURCES = ["bindings/node/*.js", "bindings/node/lib/*.js"]
COMPUTED = [
    r"cryo_(server|client)_options_(new|free|(set|add|use)_\w+)",  # lib/options.js goes by the table that is written here
    r"cryo_(server|client)_(add|remove|find)_extension",  # lib/extension.js
]

# Handles are numbers: they are never addresses, and koffi takes and gives these faster than pointers. Where the library
# writes, it gets the address of a buffer.
TYPES = {
    "nothing": "void", "i32": "int32_t", "u32": "uint32_t", "i64": "int64_t", "u64": "uint64_t", "u16": "uint16_t",
    "size": "size_t", "f64": "double", "status": "int32_t", "handle": "uint64_t", "text": "str", "bytes": "void *",
    "handle_out": "void *", "handles": "void *", "handles_out": "void *", "pointer": "void *", "pointer_out": "void *",
    "batch": "void *", "text_out": "void *", "bytes_out": "void *", "number_out": "void *", "function": "void *",
}  # fmt: skip

# The first name of each enumeration, what it is called here, and what all of its names begin with.
ENUMERATIONS = {
    "CRYO_OK": ("Status", "CRYO_"), "CRYO_LOG_OFF": ("LogLevel", "CRYO_LOG_"), "CRYO_UTF8": ("MessageKind", "CRYO_"),
    "CRYO_CLOSE_GRACEFUL": ("CloseCode", "CRYO_CLOSE_"), "CRYO_STAT_RTT": ("Stat", "CRYO_STAT_"),
    "CRYO_DROP_OLDEST": ("DropPolicy", "CRYO_"), "CRYO_TLS_1_2": ("TlsVersion", "CRYO_"),
    "CRYO_DUPLICATE_REFUSE": ("DuplicatePolicy", "CRYO_DUPLICATE_"),
    "CRYO_FORWARDED_NONE": ("ForwardedHeader", "CRYO_FORWARDED_"), "CRYO_TRANSPORT_AUTO": ("Transport", "CRYO_TRANSPORT_"),
    "CRYO_DROPPED_OLDEST": ("DropReason", "CRYO_DROPPED_"), "CRYO_RECEIPT_ACKNOWLEDGED": ("Outcome", "CRYO_RECEIPT_"),
    "CRYO_SERVER_STAT_SESSIONS": ("ServerStat", "CRYO_SERVER_STAT_"), "CRYO_BEFORE_SEND": ("Direction", "CRYO_"),
    "CRYO_HOOK_PASS": ("Verdict", "CRYO_HOOK_"), "CRYO_EVENT_LISTENING": ("EventKind", "CRYO_EVENT_"),
    "CRYO_BATCH_VERSION": ("Batch", "CRYO_"),
}  # fmt: skip

# Set by other means than a value: functions, queues, and the loop of an application that has no other one.
NO_OPTIONS = ("validator", "events", "loop", "token_provider")
CHOICES = {
    "drop_policy": "DropPolicy", "duplicate_policy": "DuplicatePolicy", "forwarded_header": "ForwardedHeader",
    "transport": "Transport", "tls_min_version": "TlsVersion",
}  # fmt: skip
HEADER = "Written by bindings/api/update.py; do not edit."


def write(api: Dict[str, Any]) -> Dict[str, str]:
    options = {of: list(_options(api, of)) for of in ("server", "client")}
    folder = "bindings/node/"
    return {
        folder + "lib/abi.js": _abi(api), folder + "lib/codes.js": _codes(api), folder + "types/codes.d.ts": _code_types(api),
        folder + "lib/option_table.js": _option_table(options), folder + "types/options.d.ts": _option_types(options),
    }  # fmt: skip


def _abi(api: Dict[str, Any]) -> str:
    lines = [f"// The functions of cryo.h: what each gives, and what it takes. {HEADER}", ""]
    lines += [f"export const ABI_VERSION = {api['constants']['CRYO_ABI_VERSION']};"]
    lines += [f"export const NEVER = {api['constants']['CRYO_NEVER']}n;", "", "export const FUNCTIONS = {"]
    for name, function in api["functions"].items():
        kinds = [TYPES[each["kind"]] for each in function["parameters"]]
        lines.append(f"    {name}: {json.dumps([TYPES[function['returns']['kind']], kinds])},")
    return "\n".join([*lines, "};", ""])


def _enumerations(api: Dict[str, Any]) -> Iterator[Tuple[str, str, Dict[str, Any]]]:
    for each in api["enumerations"]:
        constants = each["constants"]
        name, prefix = ENUMERATIONS[next(iter(constants))]
        yield name, each["doc"], {key[len(prefix) :] if prefix else key: value for key, value in constants.items()}


def _choice(word: str) -> str:
    return word.lower().replace("drop_", "").replace("_", "-")


def _codes(api: Dict[str, Any]) -> str:
    lines = [f"// The numbers of cryo.h by name. {HEADER}"]
    for name, _, constants in _enumerations(api):
        lines += ["", f"export const {name} = Object.freeze({{"]
        lines += [f"    {_word(key)}: {value['value']}," for key, value in constants.items()] + ["});"]
    return "\n".join([*lines, ""])


def _code_types(api: Dict[str, Any]) -> str:
    lines = [f"// The numbers of cryo.h by name. {HEADER}"]
    for name, doc, constants in _enumerations(api):
        if name in ("Batch", "EventKind", "MessageKind"):
            continue
        lines += ["", *_comment(doc, ""), f"export declare const {name}: {{"]
        for key, value in constants.items():
            lines += [*_comment(value["doc"], "    "), f"    readonly {_word(key)}: {value['value']};"]
        lines.append("};")
        if name in CHOICES.values():
            words = [f'"{_choice(key)}"' for key in constants]
            if name == "TlsVersion":
                words = ['"1.2"', '"1.3"']
            lines.append(f"export type {name}Name = {' | '.join(words)};")
    return "\n".join([*lines, ""])


def _word(key: str) -> str:
    return f'"{key}"' if key[0].isdigit() else key


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match.group(1).upper(), name)


def _options(api: Dict[str, Any], of: str) -> Iterator[Tuple[str, str, str, Optional[str], str]]:
    """Each with its name, its function, its shape, which choice it is, and what is said of it."""
    for function, about in api["functions"].items():
        match = re.fullmatch(rf"cryo_{of}_options_(set|add|use)_(\w+)", function)
        if not match or match.group(2) in NO_OPTIONS:
            continue
        verb, name = match.groups()
        kinds = [each["kind"] for each in about["parameters"][1:]]
        shape = _shape(name, about["parameters"][1:], kinds)
        if verb == "add":
            name = f"more_{name}" if shape in ("files", "memory") else re.sub("ys$", "ies", name + "s")
            shape = "list of " + shape
        yield _camel(name), function, shape, CHOICES.get(match.group(2)), about["doc"]


def _shape(name: str, parameters: List[Dict[str, Any]], kinds: List[str]) -> str:
    if name in CHOICES:
        return "choice"
    if name == "session_id":
        return "id"
    if kinds == ["i32", "text"]:
        return "flag or text"
    if parameters[0]["name"] == "on":
        return "flag"
    if kinds == ["text", "text"]:
        return "files" if "file" in parameters[0]["name"] else "pair"
    if kinds == ["bytes", "size", "bytes", "size"]:
        return "memory"
    if kinds == ["bytes", "size"]:
        return "bytes"
    if len(kinds) != 1:
        raise ValueError(f"an option of a new shape: {name} {kinds}")
    return kinds[0]


def _option_table(options: Dict[str, Any]) -> str:
    lines = [f"// The options of servers and clients: which function sets each, and how its value looks. {HEADER}"]
    for of, all_of in options.items():
        lines += ["", f"export const {of.upper()}_OPTIONS = {{"]
        for name, function, shape, choice, _ in all_of:
            row = [function, shape] + ([choice] if choice else [])
            lines.append(f"    {name}: {json.dumps(row)},")
        lines.append("};")
    return "\n".join([*lines, ""])


TYPESCRIPT = {
    "choice": "", "id": "string | Uint8Array", "flag or text": "boolean | string", "flag": "boolean", "text": "string",
    "bytes": "Pem", "files": "[certificateFile: string, keyFile: string]", "memory": "[certificate: Pem, key: Pem]",
    "pair": "[name: string, value: string]", "u64": "number | bigint",
}  # fmt: skip


def _typescript(shape: str, choice: Optional[str]) -> str:
    if choice:
        return f"{choice}Name | number"
    if shape == "list of pair":
        return "Record<string, string> | Array<[name: string, value: string]>"
    if shape.startswith("list of "):
        return f"Array<{_typescript(shape[len('list of '):], None)}>"
    return TYPESCRIPT.get(shape, "number")


def _option_types(options: Dict[str, Any]) -> str:
    lines = [f"// What a server or a client shall do. The words are those of cryo.h. {HEADER}", ""]
    names = sorted({f"{choice}Name" for all_of in options.values() for *_, choice, _ in all_of if choice})
    lines += [f'import type {{ {", ".join(names)} }} from "./codes.js";', "", "/** PEM or other bytes; a string is its text. */"]
    lines += ["export type Pem = string | Uint8Array;"]
    for of, all_of in options.items():
        lines += ["", f"export interface {of.capitalize()}Settings {{"]
        for name, _, shape, choice, doc in all_of:
            lines += [*_comment(doc, "    "), f"    {name}?: {_typescript(shape, choice)};"]
        lines.append("}")
    return "\n".join([*lines, ""])


def _comment(doc: str, indent: str) -> List[str]:
    if not doc:
        return []
    words, lines = doc.replace("*/", "* /").split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 110:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    if len(lines) == 1:
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"]
