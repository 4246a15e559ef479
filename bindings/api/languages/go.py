"""cgo: the calls (abi.go over abi.h), the constants and the options of bindings/go."""

from __future__ import annotations

import re
import textwrap
from typing import Any, Dict, List, Tuple

NAME = "Go"
SOURCES = ["bindings/go/*.go", "bindings/go/*.h"]
COMPUTED = [r"cryo_(server|client)_options_(set|add|use)_(?!validator|events|loop|token_provider)\w+"]  # options.go

# C's type, Go's, and how Go's name for C's.
NUMBERS = {
    "i32": ("int32_t", "int32", "C.int32_t"), "u32": ("uint32_t", "uint32", "C.uint32_t"),
    "i64": ("int64_t", "int64", "C.int64_t"), "u64": ("uint64_t", "uint64", "C.uint64_t"),
    "u16": ("uint16_t", "uint16", "C.uint16_t"), "size": ("size_t", "int", "C.size_t"),
    "f64": ("double", "float64", "C.double"), "status": ("int32_t", "Status", "C.int32_t"),
}  # fmt: skip
BY_HAND = {"handles", "handles_out", "batch", "function", "pointer", "pointer_out"}
# Texts that may be NULL: "" stands for it where "" itself means nothing, and nil where it does.
NULL_IF_EMPTY = re.compile(r"body|reason|key|certificate_file|key_file|file|url|origin")
OR_NIL = {("cryo_auth_set_claim", "value"), ("cryo_server_options_set_metrics", "token")}
GO_WORDS = {"type", "func", "len", "except", "range", "map"}

TYPES = {  # of enumerations, by their first constant
    "CRYO_OK": ("Status", "CRYO_", "What a call answers."),
    "CRYO_LOG_OFF": ("LogLevel", "CRYO_", "How much is logged."),
    "CRYO_UTF8": ("Kind", "CRYO_", "Text or binary."),
    "CRYO_CLOSE_GRACEFUL": ("CloseCode", "CRYO_", "Why a session closed: these, and those of RFC 6455."),
    "CRYO_STAT_RTT": ("Stat", "CRYO_", "What a session counts."),
    "CRYO_DROP_OLDEST": ("DropPolicy", "CRYO_", "What gives way when a session's queue is full."),
    "CRYO_TLS_1_2": ("TLSVersion", "CRYO_", "A version of TLS."),
    "CRYO_DUPLICATE_REFUSE": ("DuplicatePolicy", "CRYO_", "What becomes of a live session when a client comes with its id."),
    "CRYO_FORWARDED_NONE": ("Forwarded", "CRYO_", "Which headers of a trusted proxy say where a client is."),
    "CRYO_TRANSPORT_AUTO": ("Transport", "CRYO_", "What carries a server's connections."),
    "CRYO_DROPPED_OLDEST": ("DropReason", "CRYO_", "Why a message was dropped."),
    "CRYO_RECEIPT_ACKNOWLEDGED": ("Outcome", "CRYO_", "How a message that was sent with a receipt ended."),
    "CRYO_SERVER_STAT_SESSIONS": ("ServerStat", "CRYO_", "What a server counts."),
    "CRYO_BEFORE_SEND": ("Direction", "CRYO_", "Which way a message goes."),
    "CRYO_HOOK_PASS": ("Verdict", "CRYO_", "What becomes of a message whose hook failed."),
    "CRYO_EVENT_LISTENING": ("", "CRYO_", ""),
    "CRYO_BATCH_VERSION": ("", "CRYO_", ""),
}
OPTION_TYPES = {
    "drop_policy": "DropPolicy", "duplicate_policy": "DuplicatePolicy", "forwarded_header": "Forwarded",
    "transport": "Transport", "tls_min_version": "TLSVersion",
}  # fmt: skip
NO_OPTIONS = {"validator", "events", "loop", "token_provider", "url"}
WORDS = {"tls": "TLS", "ca": "CA", "url": "URL", "id": "ID", "fd": "FD", "http": "HTTP", "rtt": "RTT", "utf8": "UTF8", "ok": "OK",
         "cale": "CALE", "ocsp": "OCSP", "rfc7239": "RFC7239", "rx": "RX", "tx": "TX"}  # fmt: skip


def _camel(name: str) -> str:
    return "".join(WORDS.get(word, word.capitalize()) for word in name.lower().split("_"))


def _comment(text: str, width: int = 120) -> List[str]:
    return textwrap.wrap(text, width, initial_indent="// ", subsequent_indent="// ", break_on_hyphens=False)


def _name(name: str) -> str:
    return name + "_" if name in GO_WORDS else name


def write(api: Dict[str, Any]) -> Dict[str, str]:
    functions = {name: each for name, each in api["functions"].items() if not _by_hand(each)}
    return {
        "bindings/go/abi.h": _shims(functions),
        "bindings/go/abi.go": _calls(functions),
        "bindings/go/constants.go": _constants(api),
        "bindings/go/options.go": _options(api),
        "bindings/go/conformance/options.go": _driver_options(api),
    }


def _by_hand(function: Dict[str, Any]) -> bool:
    kinds = {each["kind"] for each in function["parameters"]} | {function["returns"]["kind"]}
    return bool(kinds & BY_HAND) or function["returns"]["kind"] == "bytes" or len([p for p in function["parameters"] if p["kind"] == "text_out"]) > 1


# ---- C: handles as numbers, and what went wrong in the same call, since the next one may be on another thread


def _shims(functions: Dict[str, Any]) -> str:
    lines = [
        "/* What Go calls: handles are numbers, and what went wrong comes with the status, since a goroutine's next call may be on",
        " * another thread. Written by bindings/api/update.py; do not edit. */",
        "#ifndef CRYO_GO_ABI_H", "#define CRYO_GO_ABI_H", "", "#include <cryo.h>", "#include <stdlib.h>", "#include <string.h>", "",
        "typedef struct {", "    int32_t status;", "    char *text; /* NULL, or to be freed */", "} go_result;", "",
        "static inline go_result go_result_of(cryo_status status) {",
        "    go_result result = {status, status < 0 ? strdup(cryo_last_error()) : NULL};", "    return result;", "}", "",
    ]  # fmt: skip
    for name, function in functions.items():
        lines += _shim(name, function)
    return "\n".join(lines + ["#endif", ""])


def _shim(name: str, function: Dict[str, Any]) -> List[str]:
    taken, given, before, after = [], [], [], []
    for each in function["parameters"]:
        kind, word = each["kind"], each["name"]
        if kind == "handle":
            taken.append(f"uint64_t {word}")
            given.append(f"({each['c']})(uintptr_t){word}")
        elif kind == "handle_out":
            taken.append(f"uint64_t *{word}")
            given.append("&made")
            before.append(f"    {each['of']} *made = NULL;")
            after.append(f"    *{word} = (uint64_t)(uintptr_t)made;")
        else:
            taken.append(each["c"] + ("" if each["c"].endswith("*") else " ") + word)
            given.append(word)
    call = f"{name}({', '.join(given)})"
    kind = function["returns"]["kind"]
    returns = {"status": "go_result", "handle": "uint64_t", "nothing": "void"}.get(kind, function["returns"]["c"])
    wrapped = {"status": f"go_result_of({call})", "handle": f"(uint64_t)(uintptr_t){call}"}.get(kind, call)
    body = [f"    {'' if kind == 'nothing' else 'return '}{wrapped};"]
    if after:
        body = [*before, f"    go_result result = {wrapped};", *after, "    return result;"]
    space = "" if returns.endswith("*") else " "
    return [f"static inline {returns}{space}go_{name}({', '.join(taken) or 'void'}) {{", *body, "}", ""]


# ---- Go


def _calls(functions: Dict[str, Any]) -> str:
    lines = [
        "// Code generated by bindings/api/update.py; DO NOT EDIT.", "", "package cryo", "", '// #include "abi.h"', 'import "C"', "",
        '// The functions of cryo.h, by their names. A handle is a number, and never an address: a pointer of that value could lie in',
        "// Go's own heap.", "",
    ]  # fmt: skip
    for name, function in functions.items():
        lines += _call(name, function) + [""]
    return "\n".join(lines[:-1] + [""])


def _call(name: str, function: Dict[str, Any]) -> List[str]:
    taken: List[str] = []
    given: List[str] = []
    body: List[str] = []
    results: List[Tuple[str, str]] = []
    parameters = function["parameters"]
    fails = function["returns"]["kind"] == "status"
    skip = {each[key] for each in parameters for key in ("length", "capacity") if key in each and each["kind"] != "handles_out"}
    text_out = None
    zeros = "".join(f"{_zero(each)}, " for each in parameters if each["kind"] in ("text_out", "handle_out", "number_out", "bytes_out")
                    and each["name"] not in skip)  # fmt: skip
    for each in parameters:
        kind, word = each["kind"], _name(each["name"])
        if each["name"] in skip:
            continue
        if kind == "handle":
            taken.append(f"{word} uint64")
            given.append(f"C.uint64_t({word})")
        elif kind == "text":
            nil = (name, each["name"]) in OR_NIL
            empty = not nil and NULL_IF_EMPTY.fullmatch(each["name"])
            taken.append(f"{word} {'*string' if nil else 'string'}")
            maker = "optionalText" if nil else "textOrNull" if empty else "text"
            body += [f"\tc_{word}, err := {maker}({word})", "\tif err != nil {", f"\t\treturn {zeros}err", "\t}", f"\tdefer free(c_{word})"]
            given.append(f"c_{word}")
        elif kind == "bytes":
            taken.append(f"{word} []byte")
            given += [f"bytes({word})", *([f"C.size_t(len({word}))"] if "length" in each else [])]
        elif kind == "text_out":
            text_out = word
            results.append((word, "string"))
            given += ["buffer.at()", "buffer.capacity()", "&buffer.length"]
        elif kind == "bytes_out":
            results.append((word, "[16]byte"))
            body.append(f"\tvar {word} [16]byte")
            given.append(f"bytes({word}[:])")
        elif kind == "handle_out":
            results.append((f"uint64({word})", "uint64"))
            body.append(f"\tvar {word} C.uint64_t")
            given.append(f"&{word}")
        elif kind == "number_out":
            c_type = NUMBERS[each["of"]]
            results.append((f"{c_type[1]}({word})", c_type[1]))
            body.append(f"\tvar {word} {c_type[2]}")
            given.append(f"&{word}")
        else:
            taken.append(f"{word} {NUMBERS[kind][1]}")
            given.append(f"{NUMBERS[kind][2]}({word})")
    call = f"C.go_{name}({', '.join(given)})"
    kinds = [kind for _, kind in results]
    if fails:
        answer = kinds + ["error"]
    else:
        answer = [] if function["returns"]["kind"] == "nothing" else [_go_type(function["returns"])]
    signature = f"func {name}({', '.join(taken)})" + (" (" + ", ".join(answer) + ")" if len(answer) > 1 else "".join(f" {a}" for a in answer))
    if text_out:
        inside = ["\tbuffer := newBuffer()", "\tfor {", f"\t\tif again, err := buffer.filled({call}); !again {{",
                  "\t\t\treturn buffer.text(), err", "\t\t}", "\t}"]  # fmt: skip
    elif fails:
        values = "".join(f"{value}, " for value, _ in results)
        inside = [f"\treturn errorOf({call})"] if not results else [f"\terr_ := errorOf({call})", f"\treturn {values}err_"]
    else:
        kind = function["returns"]["kind"]
        inside = ["\t" + ("" if kind == "nothing" else "return ") +
                  (call if kind == "nothing" else f"C.GoString({call})" if kind == "text" else f"{_go_type(function['returns'])}({call})")]  # fmt: skip
    return [signature + " {", *body, *inside, "}"]


def _zero(each: Dict[str, Any]) -> str:
    return {"text_out": '""', "bytes_out": "[16]byte{}"}.get(each["kind"], "0")


def _go_type(of: Dict[str, Any]) -> str:
    return {"text": "string", "handle": "uint64"}.get(of["kind"]) or NUMBERS[of["kind"]][1]


def _constants(api: Dict[str, Any]) -> str:
    lines = ["// Code generated by bindings/api/update.py; DO NOT EDIT.", "", "package cryo", ""]
    constants = api["constants"]
    version = ".".join(str(constants[f"CRYO_VERSION_{part}"]) for part in ("MAJOR", "MINOR", "PATCH"))
    lines += [*_comment("Version is the one of this package, and of the cryo.h that it is made from."), f'const Version = "{version}"', "",
              f"const abiVersion = {constants['CRYO_ABI_VERSION']}", ""]  # fmt: skip
    for enumeration in api["enumerations"]:
        first = next(iter(enumeration["constants"]))
        kind, prefix, about = TYPES[first]
        if kind:
            lines += [*_comment(f"{kind}: {about}"), f"type {kind} int32", ""]
        for name, each in enumeration["constants"].items():
            word = _constant(name[len(prefix):], kind)
            lines += _comment(f"{word}: {each['doc'] or name}".rstrip(".") + ".") if kind else []
            lines += [f"const {word}{' ' + kind if kind else ''} = {each['value']}", ""]
        if kind and kind not in ("Status", "CloseCode"):
            lines += _names(kind, [(_constant(name[len(prefix):], kind)) for name in enumeration["constants"]])
    names = [(name, _constant(name[5:], "Status")) for name in api["enumerations"][0]["constants"]]
    assert all(names)
    return "\n".join(lines[:-1] + [""])


def _constant(name: str, kind: str) -> str:
    if name.startswith("TLS_1"):
        return "TLS" + name[4:].replace("_", "")
    word = _camel(name)
    return word if kind else word[0].lower() + word[1:]


def _names(kind: str, words: List[str]) -> List[str]:
    lines = [f"// String is the constant's name.", f"func (value {kind}) String() string {{", "\tswitch value {"]
    for word in words:
        lines += [f"\tcase {word}:", f'\t\treturn "{word}"']
    return [*lines, "\t}", f'\treturn unknown("{kind}", int32(value))', "}", ""]


def _options(api: Dict[str, Any]) -> str:
    lines = ["// Code generated by bindings/api/update.py; DO NOT EDIT.", "", "package cryo", "", 'import "time"', ""]
    options: Dict[str, Dict[str, Any]] = {}
    for name, function in api["functions"].items():
        match = re.fullmatch(r"cryo_(server|client)_options_((?:set|add|use)_\w+)", name)
        if match:
            options.setdefault(match[2], {})[match[1]] = (name, function)
    for what, of in options.items():
        if re.sub("^(set|add|use)_", "", what) not in NO_OPTIONS:
            lines += _option(what, of)
    return "\n".join(lines[:-1] + [""])


def _option(what: str, of: Dict[str, Any]) -> List[str]:
    rest = what.split("_", 1)[1]
    name = _option_name(what)
    function = next(iter(of.values()))[1]
    taken: List[str] = []
    given: List[str] = []
    checks: List[str] = []
    skip = {each["length"] for each in function["parameters"] if "length" in each}
    for each in function["parameters"][1:]:
        kind, word = each["kind"], _name(each["name"])
        if each["name"] in skip:
            continue
        if kind == "i32" and word == "on":
            taken.append("on bool")
            given.append("number(on)")
        elif rest in OPTION_TYPES:
            taken.append(f"{word} {OPTION_TYPES[rest]}")
            given.append(f"int32({word})")
        elif word == "ms":
            taken.append("after time.Duration")
            checks.append("\t\tms, err := milliseconds(after)")
            given.append("ms")
        elif kind == "text":
            nil = (f"cryo_server_options_{what}", each["name"]) in OR_NIL
            taken.append(f"{word} {'*string' if nil else 'string'}")
            given.append(word)
        elif kind == "bytes":
            taken.append(f"{word} {'[]byte' if 'length' in each else 'ID'}")
            given.append(word + ("" if "length" in each else "[:]"))
        else:
            taken.append(f"{word} {NUMBERS[kind][1]}")
            given.append(word)
    kind = "Option" if len(of) == 2 else "ServerOption" if "server" in of else "ClientOption"
    doc = f"{name} ({', '.join(call for call, _ in of.values())}). " + next(iter(of.values()))[1]["doc"]
    lines = [*_comment(doc), f"func {name}({_joined(taken)}) {kind} {{"]
    made = []
    for end, (call, _) in of.items():
        body = [f"{end}Option(func(options uint64) error {{", *checks, *(["\t\tif err != nil {", "\t\t\treturn err", "\t\t}"] if checks else []),
                f"\t\treturn {call}(options, {', '.join(given)})", "\t})"]  # fmt: skip
        made.append("\n".join(body))
    if len(made) == 1:
        lines += [f"\treturn {made[0]}", "}", ""]
    else:
        lines += [f"\treturn option{{{made[0]}, {made[1]}}}", "}", ""]
    return lines


def _option_name(what: str) -> str:
    more = "More" if re.match("add_tls_(files|memory)", what) else ""
    return re.sub("Ms$", "", "With" + more + _camel(what.split("_", 1)[1]))


def _driver_options(api: Dict[str, Any]) -> str:
    lines = ["// Code generated by bindings/api/update.py; DO NOT EDIT.", "", "package main", "", 'import "cryo"', ""]
    for end in ("Server", "Client"):
        lines += [f"func (given value) {end.lower()}Option(name string) (cryo.{end}Option, int) {{", "\tswitch name {"]
        known = set()
        for name, function in api["functions"].items():
            match = re.fullmatch(rf"cryo_{end.lower()}_options_((?:set|add|use)_(\w+))", name)
            if not match or match[2] in NO_OPTIONS or match[2] in known:
                continue
            known.add(match[2])
            given = [_driver_value(at, each, match[2], name) for at, each in enumerate(
                each for each in function["parameters"][1:] if each["name"] not in ("len", "certificate_len", "key_len"))]  # fmt: skip
            # How many values each of them takes; 0: all of the list.
            count = len(given) if match[1].startswith("add_") else 0
            lines += [f'\tcase "{match[2]}":', f"\t\treturn cryo.{_option_name(match[1])}({', '.join(given)}), {count}"]
        lines += ["\t}", "\treturn nil, 0", "}", ""]
    return "\n".join(lines[:-1] + [""])


def _driver_value(at: int, each: Dict[str, Any], rest: str, call: str) -> str:
    if each["kind"] == "i32" and each["name"] == "on":
        return f"given.number({at}) != 0"
    if rest in OPTION_TYPES:
        return f"cryo.{OPTION_TYPES[rest]}(given.number({at}))"
    if each["name"] == "ms":
        return f"given.milliseconds({at})"
    if each["kind"] == "text":
        return f"given.optional({at})" if (call, each["name"]) in OR_NIL else f"given.text({at})"
    if each["kind"] == "bytes":
        return f"[]byte(given.text({at}))" if "length" in each else f"given.id({at})"
    return f"{NUMBERS[each['kind']][1]}(given.number({at}))"


def _joined(taken: List[str]) -> str:
    return ", ".join(taken)
