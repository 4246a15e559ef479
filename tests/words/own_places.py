"""A view of the file system for this process alone, in which an installation changes nothing of the machine."""

import ctypes
import os
import pathlib
import subprocess
import tempfile

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000


def enter():
    """True: this process and its children have an empty /usr/local and an /etc of their own. False: the system does not allow
    it."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWNS if user == 0 else CLONE_NEWNS | CLONE_NEWUSER) != 0:
        return False
    if user != 0:
        pathlib.Path("/proc/self/setgroups").write_text("deny")
        pathlib.Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        pathlib.Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    if not _mount("--make-rprivate", "/"):
        return False
    with tempfile.TemporaryDirectory() as kept:
        if not _mount("-t", "tmpfs", "tmpfs", kept):
            return False
        # What an ordinary user may not read of it is of no use here.
        subprocess.run(["cp", "-a", "/etc/.", kept], stderr=subprocess.DEVNULL, check=False)
        moved = _mount("--bind", kept, "/etc") and _mount("-t", "tmpfs", "tmpfs", "/usr/local")
        subprocess.run(["umount", kept], check=True)
    return moved


def _mount(*arguments):
    return subprocess.run(["mount", *arguments], stderr=subprocess.DEVNULL, check=False).returncode == 0
