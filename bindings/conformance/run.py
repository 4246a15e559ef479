#!/usr/bin/env python3
"""Runs the cases of cases.json against a driver. See README.md."""

from __future__ import annotations

import argparse
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

PATIENCE = 20.0 * float(os.environ.get("CRYO_PATIENCE", "1"))
CASES = Path(__file__).resolve().parent / "cases.json"
NO_FIELDS = ("see", "any", "times")


class Failure(Exception):
    """What a case did not do or show."""


class Driver:
    """The process of a case."""

    def __init__(self, command: List[str]) -> None:
        self._errors = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True, encoding="utf-8")  # fmt: skip
        self._lines: "queue.Queue[Optional[Dict[str, Any]]]" = queue.Queue()
        self._unseen: List[Dict[str, Any]] = []
        self._id = 0
        threading.Thread(target=self._read, daemon=True).start()
        greeting = self._next("the greeting")
        if "driver" not in greeting:
            raise Failure(f"no greeting, but {greeting}")
        self.features = greeting["features"]

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            try:
                self._lines.put(json.loads(line))
            except ValueError:
                self._lines.put({"event": "no JSON", "line": line})
        self._lines.put(None)

    def _next(self, awaited: str) -> Dict[str, Any]:
        try:
            line = self._lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise Failure(f"{awaited} did not come; unseen: {self._unseen[-10:]}") from None
        if line is None:
            raise Failure(f"the driver ended, with status {self._process.wait(PATIENCE)}, before {awaited} came")
        if line.get("event") == "no JSON":
            raise Failure(f"no JSON: {line['line']!r}")
        return line

    def tell(self, command: Dict[str, Any]) -> None:
        self._id += 1
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"id": self._id, **command}) + "\n")
        self._process.stdin.flush()

    def ask(self, command: Dict[str, Any]) -> Dict[str, Any]:
        self.tell(command)
        while True:
            line = self._next(f"the answer to {command}")
            if line.get("id") == self._id:
                return line
            self._unseen.append(line)

    def see(self, wanted: Dict[str, Any], known: Dict[str, Any], skipping: bool) -> None:
        place = {"event": wanted["see"], "on": wanted.get("on")}
        fields = {name: value for name, value in wanted.items() if name not in NO_FIELDS and name != "on"}
        looked_at = 0
        while True:
            while looked_at < len(self._unseen):
                event = self._unseen[looked_at]
                if all(event.get(name) == value for name, value in place.items()):
                    fault = match(fields, event, known)
                    if fault is None:
                        del self._unseen[looked_at]
                        return
                    if not skipping:
                        raise Failure(f"{event}, but {fault}")
                looked_at += 1
            self._unseen.append(self._next(f"{place} with {fields}"))

    def shows_none(self, event: str, on: Optional[str]) -> None:
        self.ask({"do": "get", "what": "nothing"})  # what was told before has been read then
        found = [each for each in self._unseen if each.get("event") == event and each.get("on") == on]
        if found:
            raise Failure(f"{found[0]}, which must not come")

    def signal(self, name: str) -> None:
        self._process.send_signal(getattr(signal, name))

    def ends(self, status: Any) -> None:
        try:
            got = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure("the process does not end") from None
        crashes = [-getattr(signal, name) for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGKILL")]
        crashes += [128 - each for each in crashes]
        if got in crashes or (status != "well" and got != status):
            raise Failure(f"it ended with {got} instead of {status}")

    def leave(self) -> None:
        """With its standard input at its end it must go by itself, with 0."""
        assert self._process.stdin
        self._process.stdin.close()
        self.ends(0)

    def stop(self) -> str:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                pass
        self._errors.seek(0)
        return self._errors.read()


def fill_in(value: Any, known: Dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return known[value]
    if isinstance(value, list):
        return [fill_in(each, known) for each in value]
    if isinstance(value, dict):
        return {name: fill_in(each, known) for name, each in value.items()}
    return value


def match(fields: Dict[str, Any], told: Dict[str, Any], known: Dict[str, Any]) -> Optional[str]:
    """None, or what differs. Learns the names that it does not know."""
    learned = {}
    for name, value in fields.items():
        if name not in told:
            return f"it has no {name}"
        if isinstance(value, str) and value.startswith("$") and value not in known:
            learned[value] = told[name]
        elif told[name] != fill_in(value, known):
            return f"{name} is not {fill_in(value, known)!r}"
    known.update(learned)
    return None


def do(driver: Driver, step: Dict[str, Any], known: Dict[str, Any]) -> None:
    command = {name: fill_in(value, known) for name, value in step.items() if name not in ("gives", "error", "again")}
    if step["do"] in ("exit", "throw"):
        return driver.tell(command)
    answer = driver.ask(command)
    deadline = time.monotonic() + PATIENCE
    while step.get("again") and answer.get("error") == "CRYO_ERR_FULL" and time.monotonic() < deadline:
        answer = driver.ask(command)
    wanted = step.get("error")
    if wanted is None:
        if "error" in answer or "fault" in answer:
            raise Failure(f"{command}: {answer}")
        fault = match(step.get("gives", {}), answer, known)
        if fault is not None:
            raise Failure(f"{command}: {answer}, but {fault}")
    elif wanted == "any":
        if "error" not in answer and "fault" not in answer:
            raise Failure(f"{command}: {answer}, and no error")
    elif answer.get("error") not in ([wanted] if isinstance(wanted, str) else wanted):
        raise Failure(f"{command}: {answer}, and not {wanted}")


def run_steps(driver: Driver, steps: List[Dict[str, Any]], known: Dict[str, Any], collecting: bool) -> None:
    ended = False
    for number, step in enumerate(steps, 1):
        try:
            if "do" in step:
                do(driver, step, known)
            elif "see" in step:
                for _ in range(step.get("times", 1)):
                    driver.see(step, known, bool(step.get("any")))
            elif "none" in step:
                driver.shows_none(step["none"], step.get("on"))
            elif "signal" in step:
                driver.signal(step["signal"])
            else:
                driver.ends(step["ends"])
                ended = True
            if collecting and not ended and step.get("do") not in ("exit", "throw") and "signal" not in step:
                do(driver, {"do": "collect"}, known)
        except Failure as failure:
            raise Failure(f"step {number}: {failure}") from None
    if not ended:
        driver.leave()


def run_case(case: Dict[str, Any], command: List[str], files: Dict[str, str], collecting: bool) -> str:
    """"ok", or why it was skipped; Failure."""
    needs = case.get("needs", [])
    if "tls" in needs and not files:
        return "no certificates (CRYO_MAKE_CERTIFICATES)"
    driver = Driver(command)
    said = ""
    try:
        missing = [each for each in needs if each != "tls" and each not in driver.features]
        if missing:
            return f"the driver has no {missing[0]}"
        run_steps(driver, case["steps"], dict(files), collecting and "collect" in driver.features)
        return "ok"
    except Failure as failure:
        said = driver.stop()[-2000:]
        raise Failure(f"{failure}" + (f"\n    it said: {said}" if said else "")) from None
    finally:
        driver.stop()


def certificates(folder: str) -> Dict[str, str]:
    maker = os.environ.get("CRYO_MAKE_CERTIFICATES")
    if not maker:
        return {}
    subprocess.run([maker, folder], check=True, stdout=subprocess.DEVNULL)
    names = {"cert": "ec.pem", "key": "ec.key", "ca": "ec.pem", "other_key": "rsa.key", "expired": "expired.pem",
             "text": "text.pem", "missing": "missing.pem"}  # fmt: skip
    Path(folder, names["text"]).write_text("no PEM\n")
    return {f"${name}": str(Path(folder, file)) for name, file in names.items()}


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--cases", nargs="+", metavar="NAME", help="only these")
    arguments.add_argument("--collect", action="store_true", help="run the collector between any two steps")
    arguments.add_argument("command", nargs="+", help="what starts the driver")
    given = arguments.parse_args()
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    unknown = set(given.cases or []) - {case["name"] for case in cases}
    if unknown:
        arguments.error(f"no such case: {', '.join(sorted(unknown))}")
    chosen = [case for case in cases if not given.cases or case["name"] in given.cases]
    failed, skipped = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        files = certificates(folder)
        for case in chosen:
            try:
                outcome = run_case(case, given.command, files, given.collect)
            except Failure as failure:
                outcome, failed = f"FAILED: {failure}", failed + 1
            else:
                skipped += outcome != "ok"
            print(f"{case['name']}: {outcome if outcome == 'ok' or outcome.startswith('FAILED') else 'skipped: ' + outcome}", flush=True)
    print(f"{len(chosen)} cases: {len(chosen) - failed - skipped} passed, {skipped} skipped, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
