"""The files of the project, for the tests that read them."""

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", "build", "__pycache__"}


def files(*folders):
    """All files below the folders (or all of the project's), as paths relative to ROOT, sorted."""
    tops = [ROOT / folder for folder in folders] or [ROOT]
    found = []
    for top in tops:
        for path in top.rglob("*"):
            relative = path.relative_to(ROOT)
            if path.is_file() and not NOT_OURS.intersection(relative.parts):
                found.append(relative)
    return sorted(found)


def tracked_files():
    """What git tracks; where there is no git, what lies there."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
        names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
        return [Path(name) for name in names if name and (ROOT / name).is_file()]
    return files()


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def includes(path):
    """The (line number, name, whether in quotes) of each #include of a file."""
    found = []
    for number, line in enumerate(read(path).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            found.append((number, match[2], match[1] == '"'))
    return found


def header_functions():
    """The names of the functions that cryo.h declares for export."""
    text = re.sub(r"/\*.*?\*/", "", read("include/cryo.h"), flags=re.DOTALL)
    declared = re.findall(r"^CRYO_API\b[^;(]*?\b(\w+)\s*\(", text, flags=re.MULTILINE)
    assert declared, "cryo.h declares nothing?"
    return declared


def header_number(name):
    return int(re.search(rf"^#define {name} (\d+)$", read("include/cryo.h"), flags=re.MULTILINE)[1])


def listed_symbols():
    """The names in docs/symbols.txt with the version that brought each, in the order of the file."""
    lines = [line.split() for line in read("docs/symbols.txt").splitlines() if line and not line.startswith("#")]
    return [(name, version) for name, version in lines]
