"""What languages with enumerations and option classes need of the API: named enumerations, and options as setters."""

from __future__ import annotations

import re
from typing import Any, Dict, List, NamedTuple

# The type that each enumeration becomes, by its first constant, and the beginning that its constants lose.
ENUMERATIONS = {
    "CRYO_OK": ("Status", "CRYO_(ERR_)?", "How a call ended: 0, or what went wrong."),
    "CRYO_LOG_OFF": ("LogLevel", "CRYO_LOG_", "How much is logged."),
    "CRYO_UTF8": ("MessageKind", "CRYO_", "The kinds of a message."),
    "CRYO_CLOSE_GRACEFUL": ("CloseCode", "CRYO_CLOSE_", "The close codes of the protocol, beside those of RFC 6455 section 7.4."),
    "CRYO_STAT_RTT": ("Stat", "CRYO_STAT_", "What a session counts."),
    "CRYO_DROP_OLDEST": ("DropPolicy", "CRYO_(DROP_)?", "What gives way when a session's queue is held and full."),
    "CRYO_TLS_1_2": ("TlsVersion", "CRYO_", "Versions of TLS."),
    "CRYO_DUPLICATE_REFUSE": (
        "DuplicatePolicy", "CRYO_DUPLICATE_", "What becomes of a live session when a client comes with its id."),
    "CRYO_FORWARDED_NONE": (
        "ForwardedHeader", "CRYO_FORWARDED_", "Which headers of a trusted proxy say where a client is."),
    "CRYO_TRANSPORT_AUTO": ("Transport", "CRYO_TRANSPORT_", "What carries a server's connections."),
    "CRYO_DROPPED_OLDEST": ("DropReason", "CRYO_DROPPED_", "Why a message was dropped."),
    "CRYO_RECEIPT_ACKNOWLEDGED": ("Outcome", "CRYO_RECEIPT_", "How a message that was sent with a receipt ended."),
    "CRYO_SERVER_STAT_SESSIONS": ("ServerStat", "CRYO_SERVER_STAT_", "What a server counts, of all its threads together."),
    "CRYO_BEFORE_SEND": ("Direction", "CRYO_", "Which way a message goes."),
    "CRYO_HOOK_PASS": ("Verdict", "CRYO_HOOK_", "What becomes of a message whose hook has failed."),
    "CRYO_EVENT_LISTENING": ("EventKind", "CRYO_EVENT_", "What an event of a queue tells."),
    "CRYO_BATCH_VERSION": ("Batch", "CRYO_", "Where the fields of a batch of events are."),
}  # fmt: skip

# What the package itself sets.
OWN = re.compile(r"cryo_\w+_options_set_(validator|events|token_provider|loop)")
ENUMERATED = {
    "transport": "Transport", "drop_policy": "DropPolicy", "duplicate_policy": "DuplicatePolicy",
    "tls_min_version": "TlsVersion", "forwarded_header": "ForwardedHeader",
}  # fmt: skip


class Argument(NamedTuple):
    name: str
    kind: str  # text, bytes, uuid, flag, enum, or a number as in the API
    enum: str = ""


class Setter(NamedTuple):
    function: str
    verb: str  # set, add, use
    name: str
    arguments: List[Argument]
    doc: str


class Constant(NamedTuple):
    name: str
    value: int
    doc: str


class Enumeration(NamedTuple):
    name: str
    doc: str
    constants: List[Constant]


def setters(api: Dict[str, Any], who: str) -> List[Setter]:
    """The options of a "server" or "client" that an application sets."""
    found = []
    for function, each in api["functions"].items():
        match = re.fullmatch(rf"cryo_{who}_options_(set|add|use)_(\w+)", function)
        if match and not OWN.fullmatch(function):
            arguments = [_argument(match.group(2), of) for of in each["parameters"][1:] if not _is_length(of["name"])]
            found.append(Setter(function, match.group(1), match.group(2), arguments, each["doc"]))
    return found


def _is_length(name: str) -> bool:
    return name == "len" or name.endswith("_len")


def _argument(option: str, of: Dict[str, Any]) -> Argument:
    if of["kind"] == "i32" and of["name"] == "on":
        return Argument("on", "flag")
    if of["kind"] == "i32" and option in ENUMERATED:
        return Argument(of["name"], "enum", ENUMERATED[option])
    if of["kind"] == "bytes" and "length" not in of:
        return Argument(of["name"], "uuid")
    return Argument(of["name"], of["kind"])


def enumerations(api: Dict[str, Any]) -> List[Enumeration]:
    found = []
    for each in api["enumerations"]:
        name, beginning, doc = ENUMERATIONS[next(iter(each["constants"]))]
        constants = []
        for long, of in each["constants"].items():
            short = re.sub("^" + beginning, "", long)
            constants.append(Constant(short, of["value"], of["doc"]))
        found.append(Enumeration(name, doc, constants))
    return found


def camel(name: str) -> str:
    """max_head_bytes -> MaxHeadBytes"""
    return "".join(part[:1].upper() + part[1:] for part in name.lower().split("_"))
