#!/usr/bin/env python3
"""Writes what follows from cryo.h: bindings/cryo.api.json, the declarations of each binding, the table of docs/bindings.md.

    bindings/api/update.py            writes what is stale
    bindings/api/update.py --check    only tells, and fails if anything is

Each binding has a module in languages/ with
    NAME                     as the table shall show it
    write(api) -> {path: text}     files, from the root of the project. One that has the lines "generated: begin" and
                                   "generated: end" (in comments) is replaced between them only
    SOURCES                  globs of the binding's files; what is generated among them does not count
    COMPUTED                 patterns of functions whose names are put together there, so that no search finds them
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import languages
from describe import describe

# What the object of a language serves for; by the name of a function of the API.
SERVED = {
    r"cryo_version": "the version is the package's, and compared as text",
    r"cryo_(queue_next|event_\w+|hook_(data|kind|direction|session)|auth_token|message_id)": "events come in batches, which have all of it",
    r"cryo_(queue_next|event_\w+|hook_(data|kind|direction|session)|auth_token)|cryo_message_id": "events come in batches, which have all of it",
    r"cryo_(session_(set_user|user|set|get|visit)|auth_(accept_with|set)|extension_user)":
        "values of the language are kept with the object of the session",
    r"cryo_session_(id|id_text)|cryo_extension_name": "the object knows it",
    r"cryo_session_parameter": "all of them are read, by cryo_session_parameter_at",
    r"cryo_extension_set_(hook|queue)": "hooks are asked by the other of the two",
    r"cryo_extension_on_(un)?register": "the package calls what its extension has for it itself",
    r"cryo_queue_wake": "nothing waits in the queue: the language's own loop watches its descriptor",
    r"cryo_queue_fd": "a thread of the language's waits for events, and none of its loops has to watch for them",
    r"cryo_queue_release": "a batch goes when the next one is taken",
    r"cryo_server_options_set_validator|cryo_events_on_\w+|cryo_client_options_set_token_provider":
        "it comes out of the queue, as every event",
    r"cryo_(server|session)_post(_after_ms)?": "the language has timers and threads",
    r"cryo_(server|loop)_(run_once|fd|timeout_ms|wake)|cryo_loop_(new|free)|cryo_client_options_set_loop":
        "the library's own threads run it, and the queue has a descriptor",
    r"cryo_server_drain": "cryo_server_drain_with does all of it",
    r"cryo_extension_on_register": "the call that adds it has returned",
    r"cryo_extension_on_unregister": "the extension's finalizer tells",
    r"cryo_queue_fd": "a thread of the package waits for the queue",
    r"cryo_extension_on_(un)?register": "the calls that add and remove it know",
    r"cryo_session_release|cryo_session_retain": "the object holds its session",
}  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
REGION = re.compile(r"(^[^\n]*generated: begin[^\n]*\n).*?(^[^\n]*generated: end)", re.M | re.S)


def load_languages() -> List[Any]:
    names = sorted(each.name for each in pkgutil.iter_modules(languages.__path__))
    return [importlib.import_module(f"languages.{name}") for name in names]


def outputs(root: Path) -> Iterator[Tuple[Path, str]]:
    """What each file shall hold."""
    api = describe((root / "include" / "cryo.h").read_text())
    yield root / "bindings" / "cryo.api.json", json.dumps(api, indent=1, ensure_ascii=False) + "\n"
    known = load_languages()
    for language in known:
        for path, text in language.write(api).items():
            yield root / path, _placed(root / path, text)
    page = root / "docs" / "bindings.md"
    yield page, _placed(page, table(api, [(each.NAME, _reached(root, api, each)) for each in known]))


def _placed(path: Path, text: str) -> str:
    before = path.read_text() if path.exists() else ""
    if not REGION.search(before):
        return text
    return REGION.sub(lambda match: match.group(1) + text + match.group(2), before)


def _reached(root: Path, api: Dict[str, Any], language: Any) -> List[str]:
    generated = {root / path for path in language.write(api)}
    words = set()
    for path in {each for glob in language.SOURCES for each in root.glob(glob)}:
        text = path.read_text()
        if path not in generated or REGION.search(text):
            words.update(re.findall(r"\w+", REGION.sub("", text)))
    computed = re.compile("|".join(language.COMPUTED) or "(?!)")
    return [name for name in api["functions"] if name in words or computed.fullmatch(name)]


def table(api: Dict[str, Any], reached: List[Tuple[str, List[str]]]) -> str:
    served = {name: way for pattern, way in SERVED.items() for name in api["functions"] if re.fullmatch(pattern, name)}
    notes = list(dict.fromkeys(SERVED.values()))

    def cell(function: str, used: List[str]) -> str:
        return "x" if function in used else str(notes.index(served[function]) + 1) if function in served else "–"

    lines = ["| Function | " + " | ".join(name for name, _ in reached) + " |", "|---" * (len(reached) + 1) + "|"]
    lines += [f"| `{function}` | " + " | ".join(cell(function, used) for _, used in reached) + " |"
              for function in api["functions"]]  # fmt: skip
    return "\n".join(lines + [""] + [f"{number}. {note}" for number, note in enumerate(notes, 1)]) + "\n"


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--check", action="store_true", help="write nothing, and fail if anything is stale")
    check = arguments.parse_args().check
    stale = [(path, text) for path, text in outputs(ROOT) if not path.exists() or path.read_text() != text]
    for path, text in stale:
        print(f"{path.relative_to(ROOT)} is stale" + ("; run bindings/api/update.py" if check else ": written"))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
