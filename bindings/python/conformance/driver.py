"""Does what bindings/conformance tells it, over this package. See bindings/conformance/README.md."""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Dict, List, Union

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cryo  # noqa: E402

Message = Union[str, bytes]
_writing = threading.Lock()


def write(line: Dict[str, Any]) -> None:
    with _writing:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def tell(event: str, on: str, **fields: Any) -> None:
    write({"event": event, "on": on, **fields})


def payload_of(command: Dict[str, Any]) -> Message:
    if "text" in command:
        return str(command["text"])
    return bytes.fromhex(command["hex"]) if "hex" in command else bytes([command["fill"]]) * command["size"]


def shown(message: Message) -> Dict[str, Any]:
    encoded = message.encode() if isinstance(message, str) else message
    if len(encoded) > 1000:
        return {"size": len(encoded), "sum": sum(encoded)}
    return {"text": message} if isinstance(message, str) else {"hex": message.hex()}


class Names:
    """Of objects, sessions and tickets."""

    def __init__(self) -> None:
        self.objects: Dict[str, Any] = {}
        self.counts: Dict[str, int] = {}
        self.tickets: Dict[str, Any] = {}
        self.kept: List[Any] = []

    def new_session(self, owner: str, session: cryo.Session) -> str:
        self.counts[owner] = self.counts.get(owner, 0) + 1
        name = f"{owner}.{self.counts[owner]}"
        session["name"] = name
        self.objects[name] = session
        return name

    def new_ticket(self, ticket: Any) -> str:
        name = f"t{len(self.tickets) + 1}"
        self.tickets[name] = ticket
        return name


names = Names()


class Handlers:
    """What a server or a client tells."""

    def __init__(self, owner: str, of: Any, is_server: bool, echo: bool, by_hand: bool) -> None:
        self.owner, self.is_server, self.echo, self.by_hand = owner, is_server, echo, by_hand
        self.throws: set = set()
        for event in ("message", "closed", "disconnected", "reconnected", "lost", "dropped", "writable", "receipt"):
            getattr(of, f"on_{event}")(getattr(self, event))
        if is_server:
            of.on_listening(lambda host, port: self.done("listening", self.owner, port=port))
            of.on_session(lambda session: self.done("session", self.owner, session=names.new_session(self.owner, session)))
        else:
            of.on_connected(lambda session: self.done("session", self.owner))
            of.on_attempt_failed(self.attempt_failed)

    def name(self, session: cryo.Session) -> str:
        return str(session.get("name")) if self.is_server else self.owner

    def done(self, event: str, on: str, **fields: Any) -> None:
        tell(event, on, **fields)
        if event in self.throws:
            raise RuntimeError(f"thrown in {event}")

    def message(self, session: cryo.Session, message: Message) -> None:
        number = {"message": session.message_id} if self.by_hand else {}
        if self.echo:
            session.send(message)
        self.done("message", self.name(session), **shown(message), **number)

    def closed(self, session: cryo.Session, code: int, reason: str) -> None:
        self.done("closed", self.name(session), code=int(code), reason=reason)

    def disconnected(self, session: cryo.Session, code: int, reason: str) -> None:
        self.done("disconnected", self.name(session), code=int(code), reason=reason)

    def reconnected(self, session: cryo.Session) -> None:
        self.done("reconnected", self.name(session))

    def attempt_failed(self, session: cryo.Session, failure: cryo.FailedAttempt) -> None:
        retry = -1 if failure.retry_seconds is None else int(failure.retry_seconds * 1000)
        status = f"CRYO_{cryo.Status(failure.status).name}"
        self.done("attempt_failed", self.owner, status=status, http_status=failure.http_status, retry_ms=retry)

    def lost(self, session: cryo.Session, message: Message) -> None:
        self.done("lost", self.name(session), **shown(message))

    def dropped(self, session: cryo.Session, reason: cryo.DropReason, message: Message) -> None:
        self.done("dropped", self.name(session), reason=reason.name.lower(), **shown(message))

    def writable(self, session: cryo.Session) -> None:
        self.done("writable", self.name(session))

    def receipt(self, session: cryo.Session, number: int, receipt: cryo.Receipt) -> None:
        self.done("receipt", self.name(session), receipt=number, outcome=receipt.outcome.name.lower(), by=receipt.by)


def options_of(given: Dict[str, Any]) -> Dict[str, Any]:
    """By this package's names."""
    lists = {"trusted_proxy": "trusted_proxies", "allowed_origin": "allowed_origins", "session_header": "session_headers"}
    options: Dict[str, Any] = {}
    for name, value in given.items():
        if name == "tls_files":
            options["tls_cert"], options["tls_key"] = value
        elif name == "tls_ca_file":
            options["tls_ca"] = value
        elif name in lists:
            options[lists[name]] = value if isinstance(value, list) else [value]
        elif name in ("parameter", "header"):
            options[f"{name}s"] = {value[0]: value[1]}
        elif name == "session_id":
            options["session_id"] = value
        else:
            options[name] = value
    return options


def validator(kind: str, owner: str) -> Callable[[cryo.Auth], Any]:
    def good(auth: cryo.Auth) -> bool:
        return auth.token == "good"

    def later(auth: cryo.Auth) -> None:
        threading.Thread(target=lambda: auth.accept() if auth.token == "good" else auth.reject()).start()

    def throw(auth: cryo.Auth) -> bool:
        raise RuntimeError("thrown in the validator")

    def ask(auth: cryo.Auth) -> None:
        tell("auth", owner, ticket=names.new_ticket(auth), token=auth.token)

    return {"good": good, "later": later, "throw": throw, "ask": ask, "never": names.kept.append}[kind]


def provider(kind: str) -> Callable[[], str]:
    def throw() -> str:
        raise RuntimeError("thrown in the token provider")

    return {"good": lambda: "good", "throw": throw}[kind]


class Commands:
    """One method for each `do`, with the command's fields."""

    def server(self, given: Dict[str, Any]) -> Dict[str, Any]:
        options = {"port": 0, **options_of(given.get("options", {}))}
        server = cryo.Server(**options)
        server.authorize(validator(given.get("validator", "good"), given["as"]))
        Handlers(given["as"], server, True, bool(given.get("echo")), bool(options.get("manual_ack")))
        names.objects[given["as"]] = server
        server.start()
        return {"port": server.port}

    def client(self, given: Dict[str, Any]) -> Dict[str, Any]:
        options = options_of(given.get("options", {}))
        url = given.get("url")
        if url is None:
            port = names.objects[given["to"]].port
            url = f"wss://localhost:{port}" if "tls_ca" in options else f"ws://127.0.0.1:{port}"
        if "provider" in given:
            options["token_provider"] = provider(given["provider"])
        client = cryo.Client(url, "" if "provider" in given else given.get("token", "good"), **options)
        Handlers(given["as"], client, False, bool(given.get("echo")), False)
        names.objects[given["as"]] = client
        client.start()
        return {}

    def send(self, given: Dict[str, Any]) -> Dict[str, Any]:
        session_of(given["on"]).send(payload_of(given), key=given.get("key"), receipt=given.get("receipt", 0))
        return {}

    def broadcast(self, given: Dict[str, Any]) -> Dict[str, Any]:
        exclude = names.objects[given["except"]] if "except" in given else None
        names.objects[given["on"]].broadcast(payload_of(given), exclude=exclude)
        return {}

    def burst(self, given: Dict[str, Any]) -> Dict[str, Any]:
        sessions, count = [session_of(name) for name in given["on"]], given["count"]

        failures: List[Exception] = []

        def send(first: int) -> None:
            try:
                for number in range(first, first + count):
                    sessions[number % len(sessions)].send(f"{given['text']} {number}")
            except Exception as failure:
                failures.append(failure)

        threads = [threading.Thread(target=send, args=(number * count,)) for number in range(given["threads"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        return {}

    def ping(self, given: Dict[str, Any]) -> Dict[str, Any]:
        session_of(given["on"]).ping()
        return {}

    def close(self, given: Dict[str, Any]) -> Dict[str, Any]:
        session_of(given["on"]).close(given.get("code", 4000), given.get("reason", ""))
        return {}

    def stop(self, given: Dict[str, Any]) -> Dict[str, Any]:
        names.objects[given["on"]].stop()
        return {}

    def wait(self, given: Dict[str, Any]) -> Dict[str, Any]:
        if not names.objects[given["on"]].wait(20):
            raise RuntimeError("it has not ended")
        return {}

    def free(self, given: Dict[str, Any]) -> Dict[str, Any]:
        names.objects[given["on"]].close()
        return {}

    def drain(self, given: Dict[str, Any]) -> Dict[str, Any]:
        names.objects[given["on"]].drain(given["deadline_ms"], given.get("batch_ms", 0))
        return {}

    def accept(self, given: Dict[str, Any]) -> Dict[str, Any]:
        auth = ticket_of(given)
        for name, value in given.get("claims", {}).items():
            auth.set_claim(name, value)
        if "expiry_ms" in given:
            auth.set_expiry(given["expiry_ms"] / 1000)
        return settled(auth.accept())

    def replace(self, given: Dict[str, Any]) -> Dict[str, Any]:
        return settled(ticket_of(given).replace())

    def reject(self, given: Dict[str, Any]) -> Dict[str, Any]:
        return settled(ticket_of(given).reject(given.get("reason")))

    def refuse(self, given: Dict[str, Any]) -> Dict[str, Any]:
        return settled(ticket_of(given).refuse(given["status"], given.get("reason", "")))

    def extension(self, given: Dict[str, Any]) -> Dict[str, Any]:
        does = given["does"]

        def hook(session: cryo.Session, ticket: cryo.Hook) -> Any:
            if does == "throw":
                raise RuntimeError("thrown in a hook")
            if does == "ask":
                direction = ticket.direction.name.lower()
                on = str(session.get("name", given.get("client", "")))
                tell("hook", on, ticket=names.new_ticket(ticket), extension=given["name"], direction=direction,
                     **shown(ticket.message))  # fmt: skip
                return None
            if does == "never":
                return names.kept.append(ticket)
            return {"pass": True, "stop": False}.get(does, payload_of(given) if does == "replace" else None)

        settings: Dict[str, Any] = {name.replace(" ", "_"): hook for name in given["hooks"]}
        if "timeout_ms" in given:
            settings["timeout_ms"] = given["timeout_ms"]
        if "on_failure" in given:
            settings["on_failure"] = cryo.Verdict[given["on_failure"].upper()]
        names.objects[given["as"]] = cryo.Extension(given["name"], **settings)
        return {}

    def add_extension(self, given: Dict[str, Any]) -> Dict[str, Any]:
        names.objects[given["on"]].add_extension(names.objects[given["extension"]])
        return {}

    def remove_extension(self, given: Dict[str, Any]) -> Dict[str, Any]:
        names.objects[given["on"]].remove_extension(names.objects[given["extension"]].name)
        return {}

    def pass_(self, given: Dict[str, Any]) -> Dict[str, Any]:
        return settled(ticket_of(given).pass_())

    def replace_with(self, given: Dict[str, Any]) -> Dict[str, Any]:
        return settled(ticket_of(given).replace(payload_of(given)))

    def stop_message(self, given: Dict[str, Any]) -> Dict[str, Any]:
        return settled(ticket_of(given).stop())

    def fail_message(self, given: Dict[str, Any]) -> Dict[str, Any]:
        return settled(ticket_of(given).fail(given.get("reason", "")))

    def get(self, given: Dict[str, Any]) -> Dict[str, Any]:
        what = given["what"]
        if what == "nothing":
            return {}
        of = names.objects[given["on"]]
        if what == "stat":
            return {"value": of.stat(cryo.ServerStat[given["name"].upper()])}
        if what == "metrics":
            return {"value": of.metrics()}
        if what in ("port", "session_count"):
            return {"value": getattr(of, what)}
        session = session_of(given["on"])
        if what == "parameter":
            return {"value": session.parameters.get(given["name"])}
        if what in ("header", "claim"):
            return {"value": getattr(session, what)(given["name"])}
        if what == "queued_bytes":
            return {"value": session.stats.queued_bytes}
        value = getattr(session, what)
        return {"value": str(value) if what == "id" else value}

    def put(self, given: Dict[str, Any]) -> Dict[str, Any]:
        session_of(given["on"])[given["key"]] = given["value"]
        return {}

    def value(self, given: Dict[str, Any]) -> Dict[str, Any]:
        return {"value": session_of(given["on"]).get(given["key"])}

    def pause(self, given: Dict[str, Any]) -> Dict[str, Any]:
        session_of(given["on"]).pause_reading()
        return {}

    def resume(self, given: Dict[str, Any]) -> Dict[str, Any]:
        session_of(given["on"]).resume_reading()
        return {}

    def ack(self, given: Dict[str, Any]) -> Dict[str, Any]:
        session_of(given["on"]).ack(given["message"])
        return {}

    def find(self, given: Dict[str, Any]) -> Dict[str, Any]:
        found = names.objects[given["on"]].find(given["session_id"])
        return {"session": None if found is None else found.get("name")}

    def throw_in(self, given: Dict[str, Any]) -> Dict[str, Any]:
        names.objects[given["on"]]._on_message.__self__.throws.add(given["event"])
        return {}

    def collect(self, _given: Dict[str, Any]) -> Dict[str, Any]:
        gc.collect()
        return {}

    def fork(self, _given: Dict[str, Any]) -> Dict[str, Any]:
        child = os.fork()
        if child == 0:
            sys.exit(7)
        return {"child": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}


def session_of(name: str) -> Any:
    of = names.objects[name]
    return of.session if isinstance(of, cryo.Client) else of


def ticket_of(given: Dict[str, Any]) -> Any:
    return names.tickets[given["ticket"]]


def settled(in_time: bool) -> Dict[str, Any]:
    """This package says by a truth value what others say by an error."""
    return {} if in_time else {"error": "CRYO_ERR_STATE", "text": "settled before"}


def main() -> None:
    write({"driver": "python", "library": cryo.library_version(), "features": ["threads", "collect", "fork", "throw"]})
    commands = Commands()
    for line in sys.stdin:
        command = json.loads(line)
        what = command["do"]
        if what == "exit":
            sys.exit(command["code"])
        if what == "throw":
            raise RuntimeError("nothing catches this")
        try:
            answer = getattr(commands, "pass_" if what == "pass" else what)(command)
        except cryo.Error as error:
            answer = {"error": error.name, "text": error.text}
        except Exception as error:
            answer = {"fault": repr(error)}
        write({"id": command["id"], **answer})


if __name__ == "__main__":
    main()
