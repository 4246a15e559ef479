"""Networks of a test's own, in network namespaces that go with it: a client's machine with two ways to a router, a server's machine
behind that, and a third way that is long and loses packets.

    client  10.91.1.2 ── a ── 10.91.1.1  router  10.91.3.1 ── s ── 10.91.3.2  server
            10.91.2.2 ── b ── 10.91.2.1
            10.91.4.2 ──────────── far ─────────────────── 10.91.4.1
"""

import ctypes
import fcntl
import heapq
import os
import random
import select
import shutil
import struct
import subprocess
import threading
import time

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
SERVER, FAR_SERVER = "10.91.3.2", "10.91.4.1"
CLIENT_BY_A = "10.91.1.2"


class Impossible(Exception):
    """This machine, or this user, can have no such networks."""


def command(*words, check=True):
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PATH": PATH})
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done


class Network:
    """`with Network() as network:`, or Impossible."""

    def __init__(self):
        self.client, self.router, self.server = (f"cryo-{os.getpid()}-{role}" for role in ("client", "router", "server"))
        self.relay = None

    def __enter__(self):
        if os.geteuid() != 0:
            raise Impossible("only root may make network namespaces")
        if shutil.which("ip", path=PATH) is None:
            raise Impossible("there is no `ip` (Debian's package iproute2)")
        try:
            try:
                self._make()
            except RuntimeError as error:
                raise Impossible(f"network namespaces cannot be made here: {error}") from None
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.relay is not None:
            self.relay.stop()
        for namespace in (self.client, self.router, self.server):
            command("ip", "netns", "del", namespace, check=False)

    def _make(self):
        for namespace in (self.client, self.router, self.server):
            command("ip", "netns", "add", namespace)
            self.ip(namespace, "link", "set", "lo", "up")
        for name, end, net in (("way-a", self.client, 1), ("way-b", self.client, 2), ("way-s", self.server, 3)):
            command(
                "ip", "link", "add", name, "netns", end, "type", "veth", "peer", "name", name, "netns", self.router
            )  # fmt: skip
            for namespace, host in ((end, 2), (self.router, 1)):
                self.ip(namespace, "address", "add", f"10.91.{net}.{host}/24", "dev", name)
                self.ip(namespace, "link", "set", name, "up")
        # What comes from an address by a way that does not lead there is dropped, as a provider's router does.
        self._switch(self.router, "ip_forward", 1)
        self._switch(self.router, "conf/all/rp_filter", 1)
        # What old sockets say by the new way makes nobody ask for the router in the name of the old address: it would not answer.
        self._switch(self.client, "conf/all/arp_announce", 2)
        self.ip(self.client, "route", "add", "default", "via", "10.91.1.1")
        self.ip(self.server, "route", "add", "default", "via", "10.91.3.1")

    @staticmethod
    def _switch(namespace, name, value):
        command("ip", "netns", "exec", namespace, "sh", "-c", f"echo {value} > /proc/sys/net/ipv4/{name}")

    @staticmethod
    def ip(namespace, *words):
        command("ip", "-n", namespace, *words)

    @staticmethod
    def within(namespace):
        """The words in front of a command that is to run there. It replaces `ip`, so that signals reach it."""
        return (shutil.which("ip", path=PATH), "netns", "exec", namespace)

    # --- what may happen -------------------------------------------------------------------------------------------------------------

    def swallow(self, *addresses):
        """What is for these addresses vanishes at the router, and nobody is told."""
        for address in addresses:
            self.ip(self.router, "route", "add", "blackhole", address)

    def let_pass(self, *addresses):
        for address in addresses:
            self.ip(self.router, "route", "del", "blackhole", address)

    def hand_over(self):
        """The client leaves way a, which is dead from now on, for way b."""
        self.ip(self.router, "link", "set", "way-a", "down")
        self.swallow(CLIENT_BY_A)
        self.ip(self.client, "route", "replace", "default", "via", "10.91.2.1")

    def end_sockets_of_a(self):
        """As a system does whose address has gone. False: it cannot."""
        words = ("ss", "--no-header", "--kill", "state", "established", "src", CLIENT_BY_A)
        return bool(command(*self.within(self.client), *words, check=False).stdout.strip())

    def change_address(self):
        self.ip(self.client, "address", "del", "10.91.1.2/24", "dev", "way-a")
        self.ip(self.client, "address", "add", "10.91.1.7/24", "dev", "way-a")
        self.ip(self.client, "route", "replace", "default", "via", "10.91.1.1")

    def make_far(self, round_trip, loss):
        """The third way, of which this share of the packets is lost, each way. By the kernel's netem, or else by a relay."""
        if not self._far_by_netem(round_trip / 2, loss):
            self.relay = Relay(self.client, self.server, round_trip / 2, loss)
        for namespace, host in ((self.client, 2), (self.server, 1)):
            self.ip(namespace, "address", "add", f"10.91.4.{host}/24", "dev", "far")
            self.ip(namespace, "link", "set", "far", "up")

    def _far_by_netem(self, delay, loss):
        command(
            "ip", "link", "add", "far", "netns", self.client, "type", "veth", "peer", "name", "far", "netns", self.server
        )  # fmt: skip
        for namespace in (self.client, self.server):
            netem = ("netem", "delay", f"{delay * 1000:.0f}ms", "loss", f"{loss:.0%}")
            if command("tc", "-n", namespace, "qdisc", "add", "dev", "far", "root", *netem, check=False).returncode != 0:
                self.ip(self.client, "link", "del", "far")
                return False
        return True


class Relay:
    """Carries packets between two TUN devices, late, and some not at all."""

    def __init__(self, one, other, delay, loss):
        self.delay, self.loss = delay, loss
        self.random = random.Random(1)
        self.under_way = []  # (when, order, to, packet)
        try:
            self.ends = [self._tun(namespace) for namespace in (one, other)]
        except OSError as error:
            raise Impossible(f"neither netem nor TUN devices: {error}") from None
        self.over, self.wake = os.pipe()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def stop(self):
        os.close(self.wake)
        self.thread.join()
        for fd in (*self.ends, self.over):
            os.close(fd)

    @staticmethod
    def _tun(namespace):
        """A device "far" in that namespace."""
        result = []

        def make():  # on a thread of its own, as it goes there
            try:
                place = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
                clone_newnet, tunsetiff, tun_without_head = 0x40000000, 0x400454CA, 0x1001
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.setns(place, clone_newnet) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
                os.close(place)
                fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
                fcntl.ioctl(fd, tunsetiff, struct.pack("16sH22x", b"far", tun_without_head))
                result.append(fd)
            except OSError as error:
                result.append(error)

        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        if isinstance(result[0], OSError):
            raise result[0]
        return result[0]

    def _run(self):
        count = 0
        while True:
            wait = max(0.0, self.under_way[0][0] - time.monotonic()) if self.under_way else None
            ready, _, _ = select.select([*self.ends, self.over], [], [], wait)
            if self.over in ready:
                return
            now = time.monotonic()
            for fd in ready:
                packet = os.read(fd, 65536)
                if self.random.random() < self.loss:
                    continue
                count += 1
                to = self.ends[1 - self.ends.index(fd)]
                heapq.heappush(self.under_way, (now + self.delay, count, to, packet))
            while self.under_way and self.under_way[0][0] <= now:
                _, _, to, packet = heapq.heappop(self.under_way)
                try:
                    os.write(to, packet)
                except OSError:
                    pass  # that end is not up
