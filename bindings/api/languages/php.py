"""PHP's FFI: bindings/php/src/Abi.php and constants.php."""

from __future__ import annotations

from typing import Any, Dict

from scripting import constants, options, prototype

NAME = "PHP"
SOURCES = ["bindings/php/src/*.php"]
COMPUTED = [
    r"cryo_(server|client)_options_((set|add)_\w+|use_proxy_from_environment|new|free)",  # by their names, from the table
    r"cryo_(server|client)_(add|remove|find)_extension",
    r"cryo_(auth|session)_(peer_certificate_\w+|remote_address|proxy_address|path|header|parameter)",
    r"cryo_(server|client)_(new|start|wait|free)",
]
HEAD = ["<?php", "", "// What cryo.h has. Written by bindings/api/update.py; do not edit.", "", "declare(strict_types=1);", "",
        "namespace Cryo;", ""]  # fmt: skip


def write(api: Dict[str, Any]) -> Dict[str, str]:
    values = HEAD + [f"const {name} = {value};" for name, value in constants(api)]
    lines = HEAD + ["/** @internal */", "final class Abi", "{", "    /** Handles are numbers; u64 above 2^63 is negative. */"]
    lines += ["    public const DECLARATIONS = <<<'C'"]
    lines += ["        " + prototype(name, function) for name, function in api["functions"].items()]
    lines += ["        C;", "", "    /** Of each option: what sets it, what adds to it, and the kinds of its values. */"]
    lines += ["    public const OPTIONS = ["]
    for which in ("server", "client"):
        lines.append(f"        '{which}' => [")
        for name, sets, adds, kinds in options(api, which):
            kinds_text = ", ".join(f"'{each}'" for each in kinds)
            lines.append(f"            '{name}' => ['{sets}', '{adds}', [{kinds_text}]],")
        lines.append("        ],")
    lines += ["    ];", "", "    /** All constants of cryo.h by their names without the prefix. */", "    public const CONSTANTS = ["]
    lines += [f"        '{name}' => {value}," for name, value in constants(api)]
    return {
        "bindings/php/src/constants.php": "\n".join(values) + "\n",
        "bindings/php/src/Abi.php": "\n".join([*lines, "    ];", "}", ""]),
    }
