"""A server behind proxies, and on sockets that are none of TCP's."""

import os
import socket
import stat
import tempfile
import unittest

import cryo

from .support import TOKEN
from .test_client import ClientTest


class EdgeTest(ClientTest):
    async def where(self, server, headers=(), url=None):
        """(remote address, proxy's address) of a client with these headers."""
        client = cryo.Client(url or f"ws://127.0.0.1:{server.port}/", TOKEN, headers=headers)
        self.addAsyncCleanup(self.in_thread, client.close)
        client.start()
        (session,) = await self.events.next_of("session")
        return session.remote_address, session.proxy_address

    async def test_the_client_behind_a_proxy(self):
        server = self.serve(trusted_proxies=["127.0.0.0/8", "2001:db8::/32"])
        remote, proxy = await self.where(server, {"X-Forwarded-For": "1.1.1.1, 192.0.2.7"})
        self.assertEqual(remote, "192.0.2.7")
        self.assertTrue(proxy.startswith("127.0.0.1:"))
        remote, proxy = await self.where(server)
        self.assertTrue(remote.startswith("127.0.0.1:"))
        self.assertEqual(proxy, "")

    async def test_one_header_is_chosen(self):
        server = self.serve(trusted_proxies="127.0.0.1", forwarded_header=cryo.ForwardedHeader.RFC7239)
        remote, _ = await self.where(server, {"X-Forwarded-For": "192.0.2.7", "Forwarded": 'for="[2001:db8::7]"'})
        self.assertEqual(remote, "[2001:db8::7]")

    async def test_the_ticket_says_it(self):
        seen = []

        def look(auth):
            seen.append((auth.remote_address, auth.proxy_address))
            return True

        server = self.serve(authorize=look, trusted_proxies=["127.0.0.1"])
        remote, proxy = await self.where(server, {"X-Forwarded-For": "192.0.2.7"})
        self.assertEqual(seen, [(remote, proxy)])

    async def test_a_unix_domain_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "s")
            server = self.serve(host=f"unix:{path}", socket_mode=0o600)
            self.assertEqual(await self.events.next_of("listening"), (f"unix:{path}", 0))
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertEqual(await self.where(server, url=f"ws+unix:{path}:/a"), ("unix:", ""))
            await self.in_thread(server.close)
            self.assertFalse(os.path.exists(path))

    async def test_a_socket_that_listens_already(self):
        with socket.create_server(("127.0.0.1", 0)) as own:
            server = self.serve(listen_fd=own.fileno())
            self.assertEqual(server.port, own.getsockname()[1])
            await self.where(server)

    async def test_what_is_refused(self):
        for options in (
            {"trusted_proxies": ["localhost"]},
            {"trusted_proxies": "10.0.0.0/99"},
            {"proxy_protocol": True},
            {"max_head_bytes": 1},
            {"socket_mode": 0o1000},
        ):
            with self.subTest(options), self.assertRaises(cryo.InvalidError):
                self.make(**options).start()
        with self.assertRaises(cryo.InvalidError):
            self.make(listen_fd=-2)

    async def test_a_long_token(self):
        server = self.serve(validate=lambda token: len(token) == 60000, max_head_bytes=65536)
        client = self.client(server, token="t" * 60000)
        client.start()
        await self.events.next_of("session")


if __name__ == "__main__":
    unittest.main()
