"""JNA, by direct mapping: bindings/java/src/main/java/cryo."""

from __future__ import annotations

import textwrap
from typing import Any, Dict, List

from typed import Argument, Enumeration, Setter, camel, enumerations, setters

NAME = "Java"
FOLDER = "bindings/java/src/main/java/cryo/"
SOURCES = [FOLDER + "*.java"]
COMPUTED = [
    r"cryo_(server|client)_options_(set|add|use)_(?!validator|events|token_provider|loop)\w+",  # methods that are written here
]

NUMBERS = {
    "i32": "int", "u32": "int", "i64": "long", "u64": "long", "u16": "short", "size": "long", "f64": "double", "status": "int",
}  # fmt: skip
# A handle, and an address that the library lends or keeps, is a long: direct mapping hands it on as it is on 64-bit systems.
TYPES = {
    "nothing": "void", "handle": "long", "handle_out": "long[]", "handles": "long[]", "handles_out": "long[]",
    "pointer": "long", "pointer_out": "long[]", "batch": "long[]", "text": "byte[]", "text_out": "byte[]", "bytes": "byte[]",
    "bytes_out": "byte[]", "function": "Callback", **NUMBERS,
}  # fmt: skip
LENT = {"cryo_queue_release"}
# Of the enumerations these are no types of their own: the first two are numbers to any peer, the others are the package's own.
PLAIN = {"CloseCode": True, "Status": True, "EventKind": False, "Batch": False}
WRITTEN = "Written by bindings/api/update.py; do not edit."


def write(api: Dict[str, Any]) -> Dict[str, str]:
    files = {"Abi": _functions(api)}
    for each in enumerations(api):
        files[each.name] = _constants(each, PLAIN[each.name]) if each.name in PLAIN else _enumeration(each)
    files["ServerOptions"] = _options(setters(api, "server"), "Server", "What a server shall do.")
    files["ClientOptions"] = _options(setters(api, "client"), "Client", "What a client, or a peer, shall do.")
    return {f"{FOLDER}{name}.java": text for name, text in files.items()}


def _functions(api: Dict[str, Any]) -> str:
    lines = ["package cryo;", "", "import com.sun.jna.Callback;", "import com.sun.jna.Native;", ""]
    lines += [f"/** The functions of cryo.h. {WRITTEN} */", "final class Abi {"]
    lines += [f"    static final int VERSION = {api['constants']['CRYO_ABI_VERSION']};"]
    lines += [f"    static final long NEVER = {api['constants']['CRYO_NEVER']}L;", "", "    private Abi() {}", ""]
    lines += ["    static {", "        Native.register(Abi.class, LibraryFinder.open());", "    }", ""]
    for name, function in api["functions"].items():
        returned = function["returns"]["kind"]
        gives = "long" if returned in ("text", "bytes") else TYPES[returned]
        takes = ", ".join(f"{_type(each, name in LENT)} {_local(each['name'])}" for each in function["parameters"])
        lines += textwrap.wrap(f"static native {gives} {name}({takes});", 124, initial_indent=" " * 4, subsequent_indent=" " * 12)
    return "\n".join([*lines, "}", ""])


def _type(of: Dict[str, Any], lent: bool) -> str:
    if of["kind"] == "number_out":
        return NUMBERS[of["of"]] + "[]"
    return "long" if lent and of["kind"] == "bytes" else TYPES[of["kind"]]


def _enumeration(of: Enumeration) -> str:
    lines = ["package cryo;", "", f"/** {of.doc} {WRITTEN} */", f"public enum {of.name} {{"]
    for each in of.constants:
        lines += _doc(each.doc) + [f"    {each.name}({each.value}),"]
    if not any(each.name == "UNKNOWN" for each in of.constants):
        lines += _doc("One that this package does not know: the library is newer.") + ["    UNKNOWN(-1);", ""]
    lines += ["    private final int value;", "", f"    {of.name}(int value) {{", "        this.value = value;", "    }", ""]
    lines += _doc("The number that cryo.h has for it.")
    lines += ["    public int value() {", "        return value;", "    }", ""]
    lines += _doc("The one with this number; UNKNOWN where there is none.")
    lines += [f"    public static {of.name} of(int value) {{", f"        for ({of.name} each : values()) {{"]
    lines += ["            if (each.value == value) {", "                return each;", "            }", "        }"]
    return "\n".join([*lines, "        return UNKNOWN;", "    }", "}", ""])


def _constants(of: Enumeration, public: bool) -> str:
    word = "public " if public else ""
    lines = ["package cryo;", "", f"/** {of.doc} {WRITTEN} */", f"{word}final class {of.name} {{"]
    for each in of.constants:
        lines += _doc(each.doc) + [f"    {word}static final int {each.name} = {each.value};"]
    return "\n".join([*lines, "", f"    private {of.name}() {{}}", "}", ""])


def _options(options: List[Setter], who: str, doc: str) -> str:
    name = f"{who}Options"
    lines = ["package cryo;", "", "import java.util.UUID;", ""] if who == "Client" else ["package cryo;", ""]
    lines += ["/**", f" * {doc} Each method sets one option and returns this object; what is not set has the library's default. Times are in",
              " * milliseconds. Mistakes are told when the options are used. For one thread at a time.", " *", f" * <p>{WRITTEN}", " */"]  # fmt: skip
    lines += [f"public final class {name} extends Options {{"]
    for option in options:
        lines += ["", *_doc(option.doc), *_setter(option, name)]
    return "\n".join([*lines, "}", ""])


def _setter(option: Setter, name: str) -> List[str]:
    # The method is named as the option; adding says so.
    method = camel(option.name if option.verb == "set" else f"{option.verb}_{option.name}")
    method = method[0].lower() + method[1:]
    public = {"text": "String", "bytes": "byte[]", "uuid": "UUID", "flag": "boolean", "i32": "int", "u16": "int", "u32": "long",
              "u64": "long"}  # fmt: skip
    takes = ", ".join(f"{each.enum or public[each.kind]} {_local(each.name)}" for each in option.arguments)
    lines = [f"    public {name} {method}({takes}) {{"]
    for each in option.arguments:
        if each.kind in ("u16", "u32", "u64"):
            lowest = 1 if option.name == "threads" else 0
            lines.append(f'        checkRange("{method}", {_local(each.name)}, {lowest}, {_highest(each.kind)});')
    passed = ", ".join(_passed(each) for each in option.arguments)
    lines.append(f"        set(handle -> Abi.{option.function}(handle, {passed}));")
    return [*lines, "        return this;", "    }"]


def _highest(kind: str) -> str:
    return {"u16": "0xFFFFL", "u32": "0xFFFFFFFFL", "u64": "Long.MAX_VALUE"}[kind]


def _passed(of: Argument) -> str:
    name = _local(of.name)
    return {
        "text": f"Text.of({name})", "bytes": f"{name}, length({name})", "uuid": f"Text.bytesOf({name})", "flag": f"{name} ? 1 : 0",
        "enum": f"{name}.value()", "u16": f"(short) {name}", "u32": f"(int) {name}",
    }.get(of.kind, name)  # fmt: skip


def _local(name: str) -> str:
    first, *rest = name.split("_")
    return first + camel("_".join(rest)) if rest else first


def _doc(text: str) -> List[str]:
    if not text:
        return []
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;").replace("*/", "*&#47;")
    short = f"    /** {text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'} */"
    if len(short) <= 124:
        return [short]
    return ["    /**", *(f"     * {line}" for line in textwrap.wrap(text[:1].upper() + text[1:], 116)), "     */"]
