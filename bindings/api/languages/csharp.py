"""P/Invoke: bindings/csharp/Cryo."""

from __future__ import annotations

import textwrap
from typing import Any, Dict, List

from typed import Argument, Enumeration, Setter, camel, enumerations, setters

NAME = "C#"
FOLDER = "bindings/csharp/Cryo/"
SOURCES = [FOLDER + "*.cs"]
COMPUTED = [
    r"cryo_(server|client)_options_(set|add|use)_(?!validator|events|token_provider|loop)\w+",  # properties that are written here
]

NUMBERS = {
    "i32": "int", "u32": "uint", "i64": "long", "u64": "ulong", "u16": "ushort", "size": "UIntPtr", "f64": "double",
    "status": "int",
}  # fmt: skip
TYPES = {
    "nothing": "void", "handle_out": "out IntPtr", "handles": "IntPtr[]", "handles_out": "IntPtr[]", "pointer": "IntPtr",
    "pointer_out": "out IntPtr", "batch": "ref IntPtr", "text": "byte[]", "text_out": "byte[]", "bytes": "byte[]",
    "bytes_out": "byte[]", **NUMBERS,
}  # fmt: skip
# Sessions and tickets come as numbers in batches; the others are freed by a SafeHandle.
BARE = {"cryo_session", "cryo_auth", "cryo_hook", "cryo_token_request", "cryo_event", "cryo_loop"}
LENT = {"cryo_queue_release"}
ARRAYS = {("cryo_sessions_send", "statuses"): "int[]"}
# These enumerations are numbers: the codes may be any peer's, and offsets are added.
PLAIN = {"CloseCode": "public", "Batch": "internal"}
WRITTEN = "Written by bindings/api/update.py; do not edit."


def write(api: Dict[str, Any]) -> Dict[str, str]:
    files = {"Abi": _functions(api), "Enumerations": _enumerations(enumerations(api))}
    files["ServerOptions"] = _options(setters(api, "server"), "server", "What a server shall do.")
    files["ClientOptions"] = _options(setters(api, "client"), "client", "What a client, or a peer, shall do.")
    return {f"{FOLDER}{name}.cs": text for name, text in files.items()}


def _functions(api: Dict[str, Any]) -> str:
    lines = [f"// The functions of cryo.h. {WRITTEN}", "", "using System;", "using System.Runtime.InteropServices;", ""]
    lines += ["namespace Cryo", "{", "    internal static class Abi", "    {"]
    lines += [f"        internal const uint Version = {api['constants']['CRYO_ABI_VERSION']};"]
    lines += [f'        internal const string File = "libcryo.so.{api["constants"]["CRYO_ABI_VERSION"]}";']
    for name, function in api["functions"].items():
        returned = function["returns"]["kind"]
        gives = "IntPtr" if returned in ("text", "bytes", "handle") else TYPES[returned]
        takes = ", ".join(f"{_type(api, name, each)} {_local(each['name'])}" for each in function["parameters"])
        lines += ["", "        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]"]
        lines += textwrap.wrap(f"internal static extern {gives} {name}({takes});", 120, initial_indent=" " * 8,
                               subsequent_indent=" " * 12)  # fmt: skip
    return "\n".join([*lines, "    }", "}", ""])


def _type(api: Dict[str, Any], function: str, of: Dict[str, Any]) -> str:
    if (function, of["name"]) in ARRAYS:
        return ARRAYS[function, of["name"]]
    if of["kind"] == "number_out":
        return "out " + NUMBERS[of["of"]]
    if of["kind"] == "function":
        return "IntPtr"
    if of["kind"] == "handle":
        return "IntPtr" if of["of"] in BARE or function in api["handles"][of["of"]]["ended_by"] else "Handle"
    return "IntPtr" if function in LENT and of["kind"] == "bytes" else TYPES[of["kind"]]


def _enumerations(each: List[Enumeration]) -> str:
    lines = [f"// The constants of cryo.h. {WRITTEN}", "", "namespace Cryo", "{"]
    for at, of in enumerate(each):
        lines += [""] if at else []
        lines += _doc(of.doc, 4)
        if of.name in PLAIN:
            lines += [f"    {PLAIN[of.name]} static class {of.name}", "    {"]
            for constant in of.constants:
                lines += _doc(constant.doc, 8) + [f"        public const int {camel(constant.name)} = {constant.value};"]
        else:
            lines += [f"    public enum {of.name}", "    {"]
            for constant in of.constants:
                lines += _doc(constant.doc or constant.name, 8) + [f"        {camel(constant.name)} = {constant.value},"]
        lines += ["    }"]
    return "\n".join([*lines, "}", ""])


def _options(options: List[Setter], who: str, doc: str) -> str:
    name = f"{camel(who)}Options"
    lines = [f"// {WRITTEN}", "", "using System;", "", "namespace Cryo", "{"]
    lines += _doc(f"{doc} What is not set has the library's default; times are in milliseconds. Mistakes are told when the options are used.", 4)  # fmt: skip
    lines += [f"    public sealed class {name} : Options", "    {"]
    applied = []
    for option in options:
        if option.verb == "add" or len(option.arguments) > 1:
            lines += [*_doc(option.doc, 8), *_method(option, name), ""]
            continue
        of = option.arguments[0]
        property_name = camel(option.name if option.verb == "set" else f"{option.verb}_{option.name}")
        lines += [*_doc(option.doc, 8), f"        public {_nullable(of)} {property_name} {{ get; set; }}", ""]
        value = property_name if of.kind in ("text", "bytes") else property_name + ".Value"
        applied += [f"            if ({property_name} != null)", "            {"]
        applied += [f"                Tell(Abi.{option.function}(handle, {_passed(of, value)}));", "            }"]
    lines += ["        internal override void ApplyProperties(Handle handle)", "        {", *applied, "        }", "    }", "}", ""]
    return "\n".join(lines)


def _nullable(of: Argument) -> str:
    kinds = {"text": "string", "bytes": "byte[]", "uuid": "Guid?", "flag": "bool?"}
    return f"{of.enum}?" if of.enum else kinds.get(of.kind) or NUMBERS[of.kind] + "?"


def _method(option: Setter, name: str) -> List[str]:
    kinds = {"text": "string", "bytes": "byte[]", "flag": "bool"}
    takes = ", ".join(f"{kinds[each.kind]} {_local(each.name)}" for each in option.arguments)
    passed = ", ".join(_passed(each, _local(each.name)) for each in option.arguments)
    return [
        f"        public {name} {camel(option.verb)}{camel(option.name)}({takes})", "        {",
        f"            Add(handle => Abi.{option.function}(handle, {passed}));", "            return this;", "        }",
    ]  # fmt: skip


def _passed(of: Argument, value: str) -> str:
    return {
        "text": f"Text.Of({value})", "bytes": f"{value}, Size({value})", "uuid": f"Text.BytesOf({value})",
        "flag": f"{value} ? 1 : 0", "enum": f"(int){value}",
    }.get(of.kind, value)  # fmt: skip


def _local(name: str) -> str:
    first, *rest = name.split("_")
    word = first + camel("_".join(rest)) if rest else first
    return {"out": "result", "params": "arguments", "event": "each", "fixed": "whole"}.get(word, word)


def _doc(text: str, indent: int) -> List[str]:
    if not text:
        return []
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
    start = " " * indent + "/// "
    if len(text) + len(start) + 19 <= 124:
        return [f"{start}<summary>{text}</summary>"]
    return [start + "<summary>", *(start + line for line in textwrap.wrap(text, 120 - indent)), start + "</summary>"]
