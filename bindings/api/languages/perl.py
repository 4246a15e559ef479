"""Perl's FFI::Platypus: bindings/perl/lib/Cryo/Abi.pm and Constants.pm."""

from __future__ import annotations

from typing import Any, Dict, List

from scripting import NUMBERS, constants, options

NAME = "Perl"
SOURCES = ["bindings/perl/lib/**/*.pm"]
COMPUTED = [
    r"cryo_(server|client)_options_((set|add)_\w+|use_proxy_from_environment|new|free)",  # by their names, from the table
    r"cryo_(server|client)_(add|remove|find)_extension",
    r"cryo_(auth|session)_(peer_certificate_\w+|remote_address|proxy_address|path|header|parameter)",
    r"cryo_(server|client)_(new|start|wait|free)",
]
# What the library writes, and what it lends, goes by the address of memory.
TYPES = {
    "nothing": "void", "handle": "uint64_t", "handle_out": "uint64_t*", "pointer": "uint64_t", "pointer_out": "uint64_t*", "text": "string",
    "bytes": "string", "batch": "opaque*", **NUMBERS,
}  # fmt: skip
HEAD = ["# What cryo.h has. Written by bindings/api/update.py; do not edit.", "use strict;", "use warnings;", ""]


def _type(of: Dict[str, Any], lent: bool) -> str:
    if of["kind"] == "number_out" and of["of"] != "status":
        return TYPES[of["of"]] + "*"
    return "opaque" if lent and of["kind"] == "bytes" else TYPES.get(of["kind"], "opaque")


def write(api: Dict[str, Any]) -> Dict[str, str]:
    lines = ["package Cryo::Abi;", *HEAD, "# Each with what it takes and what it gives.", "our %FUNCTIONS = ("]
    for name, function in api["functions"].items():
        lent = name == "cryo_queue_release"
        kinds = ["opaque" if name == "cryo_sessions_send" and each["name"] == "statuses" else _type(each, lent)
                 for each in function["parameters"]]  # fmt: skip
        taken = ", ".join(f"'{each}'" for each in kinds)
        lines.append(f"    {name} => [[{taken}], '{TYPES.get(function['returns']['kind'], 'opaque')}'],")
    lines += [");", "", "# Of each option: what sets it, what adds to it, and the kinds of its values.", "our %OPTIONS = ("]
    for which in ("server", "client"):
        lines += [f"    {which} => {{"] + _options(api, which) + ["    },"]
    values = ["package Cryo::Constants;", *HEAD, "our (%ALL, @EXPORT);", "", "BEGIN {", "    %ALL = ("]
    values += [f"        {name} => {value}," for name, value in constants(api)]
    values += ["    );", "    @EXPORT = keys %ALL;", "}", "", "use Exporter 'import';", "use constant \\%ALL;", "", "1;"]
    return {
        "bindings/perl/lib/Cryo/Abi.pm": "\n".join([*lines, ");", "", "1;", ""]),
        "bindings/perl/lib/Cryo/Constants.pm": "\n".join(values) + "\n",
    }


def _options(api: Dict[str, Any], which: str) -> List[str]:
    return [f"        {name} => ['{sets}', '{adds}', [{', '.join(repr(each) for each in kinds)}]],"
            for name, sets, adds, kinds in options(api, which)]  # fmt: skip
