"""Rust: cryo-sys, and in cryo the calls (raw/calls.rs), the constants (codes.rs) and the options (options.rs)."""

from __future__ import annotations

import re
import textwrap
from typing import Any, Dict, List

NAME = "Rust"
SOURCES = ["bindings/rust/cryo/src/*.rs", "bindings/rust/cryo/src/raw/*.rs"]
COMPUTED = [r"cryo_(server|client)_options_(set|add|use)_(?!validator|events|loop|token_provider)\w+"]  # options.rs

C_TYPES = {
    "cryo_status": "cryo_status", "int32_t": "i32", "uint32_t": "u32", "int64_t": "i64", "uint64_t": "u64", "uint16_t": "u16",
    "uint8_t": "u8", "size_t": "usize", "double": "f64", "char": "c_char", "void": "c_void",
}  # fmt: skip
NUMBERS = {"i32": "i32", "u32": "u32", "i64": "i64", "u64": "u64", "u16": "u16", "size": "usize", "f64": "f64", "status": "i32"}
BY_HAND = {"handles", "handles_out", "batch", "function", "pointer", "pointer_out"}
OR_NONE = re.compile(r"body|reason|key")
ALSO_OR_NONE = {("cryo_auth_set_claim", "value"), ("cryo_server_options_set_metrics", "token")}
RUST_WORDS = {"type", "fn", "in", "where", "match", "move", "loop"}

TYPES = {  # of enumerations, by their first constant: the type, what its constants lose, what it is
    "CRYO_OK": ("Status", "CRYO_(ERR_)?", "What a call answers."),
    "CRYO_LOG_OFF": ("LogLevel", "CRYO_LOG_", "How much is logged."),
    "CRYO_UTF8": ("Kind", "CRYO_", "The kind of a message."),
    "CRYO_CLOSE_GRACEFUL": ("CloseCode", "CRYO_CLOSE_", "Why a session closed: these, and those of RFC 6455."),
    "CRYO_STAT_RTT": ("Stat", "CRYO_STAT_", "What a session counts."),
    "CRYO_DROP_OLDEST": ("DropPolicy", "CRYO_(DROP_)?", "What gives way when a session's queue is full."),
    "CRYO_TLS_1_2": ("TlsVersion", "CRYO_TLS_", "A version of TLS."),
    "CRYO_DUPLICATE_REFUSE": ("DuplicatePolicy", "CRYO_DUPLICATE_", "What becomes of a live session when a client comes with its id."),
    "CRYO_FORWARDED_NONE": ("Forwarded", "CRYO_FORWARDED_", "Which headers of a trusted proxy say where a client is."),
    "CRYO_TRANSPORT_AUTO": ("Transport", "CRYO_TRANSPORT_", "What carries a server's connections."),
    "CRYO_DROPPED_OLDEST": ("DropReason", "CRYO_DROPPED_", "Why a message was dropped."),
    "CRYO_RECEIPT_ACKNOWLEDGED": ("Outcome", "CRYO_RECEIPT_", "How a message that was sent with a receipt ended."),
    "CRYO_SERVER_STAT_SESSIONS": ("ServerStat", "CRYO_SERVER_STAT_", "What a server counts."),
    "CRYO_BEFORE_SEND": ("Direction", "CRYO_", "Which way a message goes."),
    "CRYO_HOOK_PASS": ("Verdict", "CRYO_HOOK_", "What becomes of a message whose hook failed."),
}
OPTION_TYPES = {
    "drop_policy": "DropPolicy", "duplicate_policy": "DuplicatePolicy", "forwarded_header": "Forwarded",
    "transport": "Transport", "tls_min_version": "TlsVersion",
}  # fmt: skip
NO_OPTIONS = {"validator", "events", "loop", "token_provider"}
GENERATED = "// Written by bindings/api/update.py; do not edit."


def _comment(text: str, sign: str = "///", indent: str = "") -> List[str]:
    return textwrap.wrap(_plain(text), 100 - len(indent), initial_indent=f"{indent}{sign} ", subsequent_indent=f"{indent}{sign} ",
                         break_on_hyphens=False)  # fmt: skip


def _plain(text: str) -> str:
    """rustdoc would take brackets for links, and < for HTML."""
    return text.replace("[", "\\[").replace("]", "\\]").replace("<", "\\<")


def _word(name: str) -> str:
    return name + "_" if name in RUST_WORDS else name


def write(api: Dict[str, Any]) -> Dict[str, str]:
    functions = {name: each for name, each in api["functions"].items() if not _by_hand(each)}
    return {
        "bindings/rust/cryo-sys/src/lib.rs": _sys(api),
        "bindings/rust/cryo/src/raw/calls.rs": _calls(functions),
        "bindings/rust/cryo/src/codes.rs": _codes(api),
        "bindings/rust/cryo/src/options.rs": _options(api),
        "bindings/rust/conformance/src/options.rs": _driver_options(api),
    }


def _by_hand(function: Dict[str, Any]) -> bool:
    kinds = {each["kind"] for each in function["parameters"]} | {function["returns"]["kind"]}
    texts = [each for each in function["parameters"] if each["kind"] == "text_out"]
    return bool(kinds & BY_HAND) or function["returns"]["kind"] == "bytes" or len(texts) > 1


# ---- cryo-sys


def _rust_type(c: str) -> str:
    if c.endswith("_fn") or c == "cryo_finalizer":
        return c
    parts = re.findall(r"const|\w+|\*", c)
    const = parts[0] == "const"
    base = parts[1] if const else parts[0]
    rest = parts[2:] if const else parts[1:]
    out = C_TYPES.get(base, base)
    for part in rest:
        if part == "*":
            out = f"*{'const' if const else 'mut'} {out}"
            const = False
        else:
            const = True
    return out


def _sys(api: Dict[str, Any]) -> str:
    lines = [
        GENERATED, "",
        *_comment("The functions, types and constants of `cryo.h`, as they are. The rules stand in that header; the crate `cryo` is "
                  "what programs use.", "//!"),
        "", "#![allow(non_camel_case_types)]", "", "use std::os::raw::{c_char, c_void};", "", "pub type cryo_status = i32;", "",
    ]  # fmt: skip
    for name, value in api["constants"].items():
        lines.append(f"pub const {name}: {'i64' if value >= 2**31 else 'u32'} = {value};")
    for enumeration in api["enumerations"]:
        lines.append("")
        for name, each in enumeration["constants"].items():
            lines += _comment(each["doc"]) if each["doc"] else []
            lines.append(f"pub const {name}: i32 = {each['value']};")
    for name, handle in api["handles"].items():
        lines += ["", *(_comment(handle["doc"]) if handle["doc"] else []), "#[repr(C)]", f"pub struct {name} {{", "    _private: [u8; 0],", "}"]
    for name, callback in api["callbacks"].items():
        taken = ", ".join(f"{_word(each['name'])}: {_rust_type(each['c'])}" for each in callback["parameters"])
        lines += ["", *_comment(callback["doc"]), f'pub type {name} = Option<unsafe extern "C" fn({taken})>;']
    lines += ["", 'extern "C" {']
    for name, function in api["functions"].items():
        taken = ", ".join(f"{_word(each['name'])}: {_rust_type(each['c'])}" for each in function["parameters"])
        returns = "" if function["returns"]["kind"] == "nothing" else f" -> {_rust_type(function['returns']['c'])}"
        lines += [*_comment(function["doc"], indent="    "), f"    pub fn {name}({taken}){returns};"]
    return "\n".join([*lines, "}", ""])


# ---- cryo


def _calls(functions: Dict[str, Any]) -> str:
    lines = [GENERATED, "", *_comment("The functions of cryo.h, by their names. Any number may be given as a handle: one that is none is told.",
                                      "//!"), "",
             "use cryo_sys as sys;", "", "use super::{check, optional, start_of, static_text, text_of, to_c, Handle};", "use crate::Result;", ""]  # fmt: skip
    for name, function in functions.items():
        lines += _call(name, function) + [""]
    return "\n".join(lines[:-1] + [""])


def _call(name: str, function: Dict[str, Any]) -> List[str]:
    taken: List[str] = []
    given: List[str] = []
    before: List[str] = []
    results: List[str] = []
    kinds: List[str] = []
    parameters = function["parameters"]
    skip = {each[key] for each in parameters for key in ("length", "capacity") if key in each}
    text_out = False
    for each in parameters:
        kind, word = each["kind"], _word(each["name"])
        if each["name"] in skip:
            continue
        if kind == "handle":
            taken.append(f"{word}: Handle")
            given.append(f"{word} as _")
        elif kind == "text":
            none = OR_NONE.fullmatch(each["name"]) or (name, each["name"]) in ALSO_OR_NONE
            taken.append(f"{word}: {'Option<&str>' if none else '&str'}")
            before.append(f"    let {word} = {'optional' if none else 'to_c'}({word})?;")
            given.append(f"{word}.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())" if none else f"{word}.as_ptr()")
        elif kind == "bytes":
            sized = "length" in each
            taken.append(f"{word}: {'&[u8]' if sized else '&[u8; 16]'}")
            given += [f"start_of({word})", f"{word}.len()"] if sized else [f"{word}.as_ptr()"]
        elif kind == "text_out":
            text_out = True
            given += ["out", "capacity", "len"]
        elif kind == "bytes_out":
            before.append(f"    let mut {word} = [0u8; 16];")
            given.append(f"{word}.as_mut_ptr()")
            results.append(word)
            kinds.append("[u8; 16]")
        elif kind == "handle_out":
            before.append(f"    let mut {word} = std::ptr::null_mut();")
            given.append(f"&mut {word}")
            results.append(f"{word} as Handle")
            kinds.append("Handle")
        elif kind == "number_out":
            before.append(f"    let mut {word} = {'0.0' if each['of'] == 'f64' else '0'};")
            given.append(f"&mut {word}")
            results.append(word)
            kinds.append(NUMBERS[each["of"]])
        else:
            taken.append(f"{word}: {NUMBERS[kind]}")
            given.append(word)
    call = f"unsafe {{ sys::{name}({', '.join(given)}) }}"
    returned = function["returns"]["kind"]
    if text_out:
        answer, inside = "Result<String>", [f"    text_of(|out, capacity, len| {call})"]
    elif returned == "status" and results:
        answer, inside = f"Result<{kinds[0]}>", [f"    check({call})?;", f"    Ok({results[0]})"]
    elif returned == "status":
        answer, inside = "Result<()>", [f"    check({call})"]
    elif returned == "nothing":
        answer, inside = "", [f"    {call}"]
    elif returned == "text":
        answer, inside = "String", [f"    static_text({call})"]
    elif returned == "handle":
        answer, inside = "Handle", [f"    let handle = {call};", "    handle as Handle"]
    else:
        answer, inside = NUMBERS[returned], [f"    {call}"]
    return [f"pub fn {name}({', '.join(taken)}){' -> ' + answer if answer else ''} {{", *before, *inside, "}"]


def _codes(api: Dict[str, Any]) -> str:
    lines = [GENERATED, "", *_comment("The numbers of cryo.h. Each type holds numbers of later versions, too.", "//!"), "",
             "use std::fmt;", ""]  # fmt: skip
    for enumeration in api["enumerations"]:
        first = next(iter(enumeration["constants"]))
        if first not in TYPES:
            continue
        kind, prefix, about = TYPES[first]
        words = {name: re.sub("^" + prefix, "", name) for name in enumeration["constants"]}
        words = {name: f"V{word}" if word[0].isdigit() else word for name, word in words.items()}
        lines += [*_comment(about), "#[derive(Clone, Copy, PartialEq, Eq, Hash)]", f"pub struct {kind}(pub i32);", "", f"impl {kind} {{"]
        for name, each in enumeration["constants"].items():
            doc = each["doc"] or f"`{name}`"
            lines += [*_comment(doc[0].upper() + doc[1:], indent="    "), f"    pub const {words[name]}: Self = Self({each['value']});"]
        lines += ["}", "", f"impl fmt::Debug for {kind} {{", "    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {",
                  "        match *self {"]  # fmt: skip
        lines += [f'            Self::{word} => to.write_str("{kind}::{word}"),' for word in words.values()]
        lines += [f'            Self(other) => write!(to, "{kind}({{}})", other),', "        }", "    }", "}", ""]
    return "\n".join(lines[:-1] + [""])


def _options(api: Dict[str, Any]) -> str:
    lines = [GENERATED, "", *_comment("What a server or client shall do. Each setter says what the option is, and its default, in the words of "
                                      "cryo.h.", "//!"), "",
             "use std::time::Duration;", "",
             "use crate::raw;", "use crate::settings::{milliseconds, ClientOptions, ServerOptions};",
             f"use crate::{{{', '.join(sorted(set(OPTION_TYPES.values())))}}};"]  # fmt: skip
    for end in ("server", "client"):
        lines += ["", f"impl {end.capitalize()}Options {{"]
        for name, function in api["functions"].items():
            match = re.fullmatch(rf"cryo_{end}_options_((?:set|add|use)_\w+)", name)
            if match and re.sub("^(set|add|use)_", "", match[1]) not in NO_OPTIONS:
                lines += _option(name, match[1], function)
        lines[-1:] = ["}"]
    return "\n".join([*lines, ""])


def _option(call: str, what: str, function: Dict[str, Any]) -> List[str]:
    rest = what.split("_", 1)[1]
    name = _option_name(what)
    taken: List[str] = []
    given: List[str] = []
    skip = {each["length"] for each in function["parameters"] if "length" in each}
    for each in function["parameters"][1:]:
        kind, word = each["kind"], _word(each["name"])
        if each["name"] in skip:
            continue
        if kind == "i32" and word == "on":
            taken.append("on: bool")
            given.append("i32::from(on)")
        elif rest in OPTION_TYPES:
            taken.append(f"{word}: {OPTION_TYPES[rest]}")
            given.append(f"{word}.0")
        elif word == "ms":
            taken.append("after: Duration")
            given.append("milliseconds(after)?")
        elif kind == "text":
            none = (call, each["name"]) in ALSO_OR_NONE
            taken.append(f"{word}: {'Option<&str>' if none else '&str'}")
            given.append(word)
        elif kind == "bytes":
            taken.append(f"{word}: {'&[u8]' if 'length' in each else '&[u8; 16]'}")
            given.append(word)
        else:
            taken.append(f"{word}: {NUMBERS[kind]}")
            given.append(word)
    return [*_comment(function["doc"], indent="    "), "    #[must_use]", f"    pub fn {name}(self, {', '.join(taken)}) -> Self {{",
            f"        self.with(|options| raw::{call}(options, {', '.join(given)}))", "    }", ""]  # fmt: skip


def _option_name(what: str) -> str:
    return what if re.match("add_tls_(files|memory)", what) else re.sub("_ms$", "", what.split("_", 1)[1])


def _driver_options(api: Dict[str, Any]) -> str:
    types = ", ".join(sorted({*OPTION_TYPES.values(), "ClientOptions", "ServerOptions"}))
    lines = [GENERATED, "", *_comment("The options by their names in cryo.h.", "//!"), "", f"use cryo::{{{types}}};", "",
             "use crate::value::Given;"]  # fmt: skip
    for end in ("server", "client"):
        kind = f"{end.capitalize()}Options"
        lines += ["", "/// How many values each takes that is added one by one; 0: all.",
                  f"pub fn {end}_option(options: {kind}, name: &str, given: &Given) -> Option<({kind}, usize)> {{", "    Some(match name {"]  # fmt: skip
        known = set()
        for name, function in api["functions"].items():
            match = re.fullmatch(rf"cryo_{end}_options_((?:set|add|use)_(\w+))", name)
            if not match or match[2] in NO_OPTIONS or match[2] in known:
                continue
            known.add(match[2])
            given = [_driver_value(at, each, match[2], name) for at, each in enumerate(
                each for each in function["parameters"][1:] if each["name"] not in ("len", "certificate_len", "key_len"))]  # fmt: skip
            count = len(given) if match[1].startswith("add_") else 0
            lines.append(f'        "{match[2]}" => (options.{_option_name(match[1])}({", ".join(given)}), {count}),')
        lines += ["        _ => return None,", "    })", "}"]
    return "\n".join([*lines, ""])


def _driver_value(at: int, each: Dict[str, Any], rest: str, call: str) -> str:
    if each["kind"] == "i32" and each["name"] == "on":
        return f"given.number({at}) != 0.0"
    if rest in OPTION_TYPES:
        return f"{OPTION_TYPES[rest]}(given.number({at}) as i32)"
    if each["name"] == "ms":
        return f"given.milliseconds({at})"
    if each["kind"] == "text":
        return f"given.optional({at})" if (call, each["name"]) in ALSO_OR_NONE else f"given.text({at})"
    if each["kind"] == "bytes":
        return f"given.text({at}).as_bytes()" if "length" in each else f"&given.id({at})"
    return f"given.number({at}) as {NUMBERS[each['kind']]}"
