"""What cryo.h says, as data: functions, types, constants, who owns what, which threads may call.

`describe(header)` gives what `bindings/cryo.api.json` holds. Types and signatures are read by pycparser. Ownership follows from
signatures and names, as the header's rules say; what a comment says of threads, signals and waiting is read by the sentences
below, which the header therefore uses word for word.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List

from pycparser import c_ast, c_parser

# What the header includes; its own names say more than what a system makes of these.
PRELUDE = "".join(
    f"typedef {base} {name};\n"
    for name, base in {
        "int32_t": "int", "uint32_t": "unsigned", "int64_t": "long long", "uint64_t": "unsigned long long",
        "uint8_t": "unsigned char", "uint16_t": "unsigned short", "size_t": "unsigned long",
    }.items()
)  # fmt: skip

SCALARS = {
    "int32_t": "i32", "uint32_t": "u32", "int64_t": "i64", "uint64_t": "u64", "uint16_t": "u16",
    "size_t": "size", "double": "f64", "cryo_status": "status",
}  # fmt: skip

ONE_THREAD = re.compile(r"\bhandle is for one thread at a time\.")
ONE_CALLER = re.compile(r"\bOne thread at a time\.")
IN_SIGNAL_HANDLERS = re.compile(r"\bin a signal handler\b")
WAITS = re.compile(r"\bwaits, and frees\b")


class Fault(Exception):
    """The header has something that this program does not understand."""


def describe(header: str) -> Dict[str, Any]:
    source = _Source(header)
    tree = c_parser.CParser().parse(PRELUDE + source.code, "cryo.h")
    out: Dict[str, Any] = {
        "about": "What cryo.h says, as data. Written by bindings/api/update.py; do not edit.",
        "constants": dict(source.macros), "enumerations": [], "handles": {}, "callbacks": {}, "functions": {},
    }  # fmt: skip
    handles: List[str] = []
    skipped = PRELUDE.count("\n")
    for node in tree.ext:
        line = node.coord.line - skipped
        if line <= 0 or (isinstance(node, c_ast.Typedef) and node.name in SCALARS):
            continue
        if isinstance(node, c_ast.Decl) and isinstance(node.type, c_ast.Enum):
            out["enumerations"].append(_enumeration(node.type, source, line, skipped))
        elif isinstance(node, c_ast.Typedef) and isinstance(node.type, c_ast.PtrDecl):
            out["callbacks"][node.name] = _signature(node.type.type, source.comment_of(line), handles)
        elif isinstance(node, c_ast.Typedef):
            handles.append(node.name)
            out["handles"][node.name] = {"doc": source.comment_behind(line)}
        elif isinstance(node, c_ast.Decl) and isinstance(node.type, c_ast.FuncDecl):
            out["functions"][node.name] = _function(node, source, line, handles)
        else:
            raise Fault(f"cryo.h:{line}: not understood")
    _own(out)
    return out


class _Source:
    """The header without comments and directives, line by line as it was, and its comments by line."""

    def __init__(self, header: str) -> None:
        self.comments: Dict[int, str] = {}  # by the line in which each ends
        self.begins: Dict[int, int] = {}
        self.macros: Dict[str, Any] = {}
        for name, value in re.findall(r"^#define (CRYO_\w+) (\S+)$", header, re.M):
            if name != "CRYO_API":
                self.macros[name] = {"INT64_MAX": 2**63 - 1}.get(value) or int(value)
        code = re.sub(r"/\*.*?\*/", lambda match: self._comment(header, match), header, flags=re.S)
        code = re.sub(r"^#.*$", "", code, flags=re.M).replace("CRYO_API ", "")
        code = re.sub(r'^extern "C" \{$', "", code, flags=re.M)
        self.code = re.sub(r"^\}$", "", code, flags=re.M)
        self.lines = self.code.split("\n")

    def _comment(self, header: str, match: "re.Match[str]") -> str:
        begin = header.count("\n", 0, match.start()) + 1
        end = begin + match.group().count("\n")
        text = " ".join(re.sub(r"\n\s*\*", "\n", match.group()[2:-2]).split())
        if "------" not in text:  # that is a heading
            self.comments[end], self.begins[end] = text, begin
        return "\n" * match.group().count("\n")

    def comment_behind(self, line: int) -> str:
        """That begins in the line of the declaration, perhaps to end in a later one."""
        return next((self.comments[end] for end, begin in self.begins.items() if begin == line), "")

    def comment_of(self, line: int) -> str:
        """The one above, which may stand above several declarations without a blank line between them, and the one behind."""
        above = line - 1
        while above > 0 and self.lines[above - 1].strip():
            above -= 1
        return " ".join(filter(None, (self.comments.get(above), self._behind_declaration(line))))

    def own_comment_of(self, line: int) -> str:
        """The one right above, and the one behind."""
        above = "" if self.lines[line - 2].strip() else self.comments.get(line - 1)
        return " ".join(filter(None, (above, self._behind_declaration(line))))

    def _behind_declaration(self, line: int) -> str:
        while ";" not in self.lines[line - 1]:
            line += 1
        return self.comment_behind(line)


def _enumeration(enum: c_ast.Enum, source: _Source, line: int, skipped: int) -> Dict[str, Any]:
    constants = {}
    for each in enum.values.enumerators:
        value = each.value
        sign = -1 if isinstance(value, c_ast.UnaryOp) else 1
        number = value.expr if isinstance(value, c_ast.UnaryOp) else value
        constants[each.name] = {
            "value": sign * int(number.value, 0), "doc": source.comment_behind(each.coord.line - skipped),
        }  # fmt: skip
    return {"doc": source.comment_of(line), "constants": constants}


def _function(node: c_ast.Decl, source: _Source, line: int, handles: List[str]) -> Dict[str, Any]:
    function = _signature(node.type, source.comment_of(line), handles)
    own = source.own_comment_of(line)
    function["threads"] = "one" if ONE_CALLER.search(own) else "any"
    function["signal_safe"] = bool(IN_SIGNAL_HANDLERS.search(own))
    function["waits"] = bool(WAITS.search(own)) or any(each["name"] == "timeout_ms" for each in function["parameters"])
    return function


def _signature(function: c_ast.FuncDecl, doc: str, handles: List[str]) -> Dict[str, Any]:
    parameters = [] if function.args is None else function.args.params
    named = [_parameter(each, handles) for each in parameters if getattr(each, "name", None)]
    for at, each in enumerate(named):
        behind = named[at + 1]["name"] if at + 1 < len(named) else ""
        if each["kind"] == "bytes" and behind.endswith("len"):
            each["length"] = behind
        if each["kind"] == "handle_out" and behind == "capacity":
            each["kind"], each["capacity"] = "handles_out", behind
        if each["kind"] == "text_out":
            each["capacity"], each["length"] = behind, named[at + 2]["name"]
    return {"doc": doc, "returns": _type(function.type, handles), "parameters": named}


def _parameter(node: c_ast.Decl, handles: List[str]) -> Dict[str, Any]:
    return {"name": node.name, **_type(node.type, handles)}


def _type(node: c_ast.Node, handles: List[str]) -> Dict[str, Any]:
    """{"c": as in the header, "kind": what it is for, "of": which handle or number}."""
    spelled = _spell(node)
    bare = spelled.replace("const ", "").replace("*const", "*")
    if bare == "void":
        return {"c": spelled, "kind": "nothing"}
    if bare in SCALARS:
        return {"c": spelled, "kind": SCALARS[bare]}
    if bare.endswith("_fn") or bare == "cryo_finalizer":
        return {"c": spelled, "kind": "function", "of": bare}
    target, stars = bare.split(" ")[0], bare.count("*")
    if target in handles and stars == 1:
        return {"c": spelled, "kind": "handle", "of": target}
    if target in handles and stars == 2:
        return {"c": spelled, "kind": "handles" if "*const" in spelled else "handle_out", "of": target}
    fixed = {
        "const char *": "text", "char *": "text_out", "const uint8_t *": "bytes", "uint8_t *": "bytes_out",
        "const uint8_t **": "batch", "void *": "pointer", "void **": "pointer_out",
    }  # fmt: skip
    if spelled in fixed:
        return {"c": spelled, "kind": fixed[spelled]}
    if target in SCALARS and stars == 1:
        return {"c": spelled, "kind": "number_out", "of": SCALARS[target]}
    raise Fault(f"a type that is not understood: {spelled}")


def _spell(node: c_ast.Node) -> str:
    if isinstance(node, c_ast.PtrDecl):
        inner = _spell(node.type)
        const = "const" if "const" in node.quals else ""
        return f"{inner}{'' if inner.endswith('*') else ' '}*{const}"
    if isinstance(node, c_ast.TypeDecl):
        name = " ".join(node.type.names)
        return ("const " if "const" in node.quals else "") + name
    raise Fault(f"not understood: {type(node).__name__}")


def _own(api: Dict[str, Any]) -> None:
    """Which function ends each handle, and which handles a caller has to end."""
    functions = api["functions"]
    for name, handle in api["handles"].items():
        if f"{name}_retain" in functions:
            handle["retained_by"], handle["ended_by"] = f"{name}_retain", [f"{name}_release"]
        elif f"{name}_free" in functions:
            handle["ended_by"] = [f"{name}_free"]
        else:
            handle["ended_by"] = _settlers(name, functions)
            handle["ticket"] = True
        said = "".join(each["doc"] for each in functions.values()
                       if any(p.get("of") == name and p["kind"] in ("handle", "handle_out") for p in each["parameters"][-1:]))  # fmt: skip
        handle["threads"] = "one" if ONE_THREAD.search(said) else "any"
        if not handle["ended_by"]:
            raise Fault(f"{name}: nothing ends it")
    for name, function in functions.items():
        for each in function["parameters"]:
            if each["kind"] in ("handle_out", "handles_out"):
                each["owner"] = "caller"
        if function["returns"]["kind"] == "handle":
            function["returns"]["owner"] = "caller" if name.endswith("_retain") else "library"


def _settlers(name: str, functions: Dict[str, Any]) -> List[str]:
    """Of a ticket: whatever can be called once."""
    short = name[: -len("_request")] if name.endswith("_request") else name
    verbs = ("accept", "replace", "reject", "reject_with", "give", "fail", "pass", "stop")
    return [f"{short}_{verb}" for verb in verbs if f"{short}_{verb}" in functions]
