#!/usr/bin/env python3
"""Builds the package for C#, its tests, its driver and its README's programs with mcs; and fetches a .NET to run them on.

    build.py FOLDER             builds into FOLDER
    build.py --fetch FOLDER     fetches .NET into FOLDER; ends with 77 where that cannot be
    build.py --test FOLDER COMMAND…    becomes a command that needs it; ends with 77 where it was not fetched
    build.py --run FOLDER PROGRAM [ARGUMENT…]    becomes a program of FOLDER on the .NET that was fetched into it

Debian has no .NET. npm has programs that carry all of one, and a runtime starts ours before them: see Host.cs.
"""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER.parent / "conformance"))

# A program that carries .NET 8, all of it, in one file.
CARRIER = "@microsoft/sarif-multitool-linux@5.7.0"
SKIPPED = 77


def mcs(out, *sources, references=()):
    kind = "library" if out.suffix == ".dll" else "exe"
    command = ["mcs", "-langversion:7", "-warn:4", "-warnaserror", "-nologo", f"-target:{kind}", f"-out:{out}"]
    command += [f"-r:{each}" for each in (*references, "System.Core.dll")]
    subprocess.run([str(each) for each in [*command, *sources]], check=True, timeout=300)


def build(into):
    from programs import blocks

    into.mkdir(parents=True, exist_ok=True)
    package = into / "Cryo.dll"
    mcs(package, *(FOLDER / "Cryo").glob("*.cs"))
    mcs(into / "Host.dll", FOLDER / "tests/Host.cs")
    mcs(into / "Tests.exe", *set((FOLDER / "tests").glob("*.cs")) - {FOLDER / "tests/Host.cs"}, references=[package])
    mcs(into / "Driver.exe", *(FOLDER / "conformance").glob("*.cs"), references=[package])
    mcs(into / "Chat.exe", FOLDER / "example/Chat.cs", references=[package])
    server, client = blocks(FOLDER / "README.md", "csharp")
    assert server.count("Port = 8080") == 1 and server.count("            server.Run()") == 1
    server = server.replace("Port = 8080", "Port = 0").replace(
        "            server.Run()", "            server.Listening += (host, port) => System.Console.WriteLine(port);\n            server.Run()")  # fmt: skip
    client = client.replace("Main()", "Main(string[] arguments)").replace('"ws://127.0.0.1:8080"', "arguments[0]")
    for name, text in (("Echo", server), ("Hello", client)):
        (into / f"{name}.cs").write_text(text)
        mcs(into / f"{name}.exe", into / f"{name}.cs", references=[package])


def carrier(folder):
    return folder / "dotnet" / "package" / "Sarif.Multitool"


def fetch(folder):
    if carrier(folder).exists():
        return
    place = folder / "dotnet"
    place.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(["npm", "pack", "--silent", CARRIER], cwd=place, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.exit(skip(error))
    if done.returncode != 0:
        sys.exit(skip(done.stderr.strip()))
    archive = place / done.stdout.split()[-1]
    subprocess.run(["tar", "xzf", archive.name, "package/Sarif.Multitool"], cwd=place, check=True)
    archive.unlink()
    carrier(folder).chmod(0o755)


def skip(why):
    print(f"skipped: npm cannot fetch {CARRIER}: {why}")
    return SKIPPED


def dotnet(folder, program, *arguments):
    """The command and what its environment has besides."""
    return [str(carrier(folder))], {
        "DOTNET_STARTUP_HOOKS": str(folder / "Host.dll"), "HOST_PROGRAM": str(folder / program),
        "HOST_ARGUMENTS": "\n".join(arguments), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
    }  # fmt: skip


def main():
    if sys.argv[1] == "--fetch":
        fetch(Path(sys.argv[2]))
    elif sys.argv[1] == "--test":
        if not carrier(Path(sys.argv[2])).exists():
            sys.exit(skip("see binding.csharp.fetch"))
        os.execv(sys.argv[3], sys.argv[3:])
    elif sys.argv[1] == "--run":
        command, environment = dotnet(Path(sys.argv[2]), *sys.argv[3:])
        os.execve(command[0], command, {**os.environ, **environment})
    else:
        build(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
