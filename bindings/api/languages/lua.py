"""LuaJIT: between the marks of bindings/lua/cryo.lua."""

from __future__ import annotations

from typing import Any, Dict, List

from scripting import constants, options, prototype

NAME = "LuaJIT"
SOURCES = ["bindings/lua/cryo.lua"]
COMPUTED = [
    r"cryo_(server|client)_options_((set|add)_\w+|use_proxy_from_environment|new|free)",  # by their names, from the table that is written here
    r"cryo_(server|client)_(add|remove|find)_extension",
    r"cryo_(auth|session)_(peer_certificate_\w+|remote_address|proxy_address|path|header)",
    r"cryo_(server|client)_(new|start|wait|free)",
]


def write(api: Dict[str, Any]) -> Dict[str, str]:
    lines = ["ffi.cdef [["]
    lines += [prototype(name, function) for name, function in api["functions"].items()]
    lines += ["]]", "", "-- What options there are: what sets each, what adds to it, and the kinds of its values.", "local OPTIONS = {"]
    for which in ("server", "client"):
        lines.append(f"  {which} = {{")
        for name, sets, adds, kinds in options(api, which):
            parts = [f'set = "{sets}"'] * bool(sets) + [f'add = "{adds}"'] * bool(adds)
            parts += ['"' + each + '"' for each in kinds]
            lines.append(f"    {name} = {{ {', '.join(parts)} }},")
        lines.append("  },")
    lines += ["}", "", "for name, value in pairs {"]
    lines += _constants(api)
    lines += ["} do cryo[name] = value end"]
    return {"bindings/lua/cryo.lua": "\n".join(lines) + "\n"}


def _constants(api: Dict[str, Any]) -> List[str]:
    return [f"  {name} = {value}{'LL' if abs(value) >= 2**53 else ''}," for name, value in constants(api)]
