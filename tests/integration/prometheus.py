"""Reads what /metrics answers, and takes nothing that text format 0.0.4 does not have."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? (-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|NaN|[+-]Inf)")
UNITS = ("_seconds", "_bytes")


def parse(text):
    """{(name, label set): value}; label set: a frozenset of (label, value)."""
    assert text.endswith("\n") and "\r" not in text, text[-20:]
    samples, types, helped, family, closed = {}, {}, set(), None, set()
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            _, _, name, words = line.split(" ", 3)
            assert re.fullmatch(NAME, name) and words and name not in helped, line
            if family:
                closed.add(family)
            assert name not in closed, f"{name} is not in one piece"
            helped.add(name)
            family = name
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == family and name not in types and kind in ("counter", "gauge"), line
            types[name] = kind
        else:
            matched = SAMPLE.fullmatch(line)
            assert matched, line
            name, labels, value = matched.groups()
            assert name == family and name in types, line
            key = (name, frozenset(tuple(part.split("=", 1)) for part in re.findall(LABEL, labels or "")))
            assert key not in samples, f"{line}: twice"
            samples[key] = float(value)
            if types[name] == "counter":
                assert name.endswith("_total") and float(value) >= 0, line
            else:
                assert not name.endswith("_total"), line
    assert set(types) == helped
    return {(name, tuple(sorted((label, value[1:-1]) for label, value in labels))): v for (name, labels), v in samples.items()}


def value(samples, name, **labels):
    return samples.get((name, tuple(sorted(labels.items()))), 0.0)
