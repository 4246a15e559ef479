"""Ruby's ffi: bindings/ruby/lib/cryo/abi.rb."""

from __future__ import annotations

from typing import Any, Dict, List

from scripting import NUMBERS, constants, options

NAME = "Ruby"
SOURCES = ["bindings/ruby/lib/**/*.rb"]
COMPUTED = [
    r"cryo_(server|client)_options_((set|add)_\w+|use_proxy_from_environment|new|free)",  # by their names, from the table
    r"cryo_(server|client)_(add|remove|find)_extension",
    r"cryo_(auth|session)_(peer_certificate_\w+|remote_address|proxy_address|path|header|parameter|token)",
    r"cryo_(server|client)_(new|start|wait|free)",
]
# Bytes go by the address of the string; what the library writes, and what it lends, by that of memory.
TYPES = {
    "nothing": "void", "handle": "uint64", "pointer": "uint64", "text": "string", "bytes": "buffer_in",
    **{kind: c.removesuffix("_t") for kind, c in NUMBERS.items()}, "size": "size_t",
}  # fmt: skip


def write(api: Dict[str, Any]) -> Dict[str, str]:
    lines = ["# frozen_string_literal: true", "", "# What cryo.h has. Written by bindings/api/update.py; do not edit."]
    lines += ["module Cryo"] + [f"  {name} = {value}" for name, value in constants(api)]
    lines += ["", "  # :nodoc:", "  module Abi", "    # Each with what it takes and what it gives.", "    FUNCTIONS = {"]
    for name, function in api["functions"].items():
        kinds = ["buffer_in" if name == "cryo_sessions_send" and each["kind"] == "handles" else
                 "pointer" if name == "cryo_queue_release" and each["kind"] == "bytes" else TYPES.get(each["kind"], "pointer")
                 for each in function["parameters"]]  # fmt: skip
        taken = ", ".join(f":{each}" for each in kinds)
        lines.append(f"      {name}: [[{taken}], :{TYPES.get(function['returns']['kind'], 'pointer')}],")
    lines += ["    }.freeze", "", "    # Of each option: what sets it, what adds to it, and the kinds of its values.", "    OPTIONS = {"]
    for which in ("server", "client"):
        lines += [f"      {which}: {{"] + _options(api, which) + ["      },"]
    return {"bindings/ruby/lib/cryo/abi.rb": "\n".join([*lines, "    }.freeze", "  end", "end", ""])}


def _options(api: Dict[str, Any], which: str) -> List[str]:
    def symbol(name: str) -> str:
        return f":{name}" if name else "nil"

    return [f"        {name}: [{symbol(sets)}, {symbol(adds)}, [{', '.join(map(symbol, kinds))}]],"
            for name, sets, adds, kinds in options(api, which)]  # fmt: skip
