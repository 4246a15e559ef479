"""The servers' keywords: each reaches the library, and a wrong one is told at once."""

import unittest

import cryo

from .support import ServerTest


def make(**options):
    return cryo.Server(validate=lambda token: True, **options)


class OptionsTest(ServerTest):
    def test_every_number_is_taken(self):
        others = ("host", "cale", "drop_policy", "duplicate_policy", "health", "metrics", "trusted_proxies")
        others += ("transport", "forwarded_header", "proxy_protocol", "reuse_port", "manual_ack", "allowed_origins", "session_headers")
        numbers = {
            name: {"threads": 4, "socket_mode": 0o600}.get(name, 20_000)
            for name in cryo.ServerOptions.__annotations__
            if name not in others and not name.startswith("tls_")
        }
        self.assertEqual(len(numbers), 34)
        make(**numbers)
        for name, number in numbers.items():
            make(**{name: number})

    def test_numbers_out_of_range_are_refused(self):
        wrong = [("port", 65536), ("port", -1), ("threads", 257), ("threads", 2**32), ("keepalive_ms", 9)]
        wrong += [("keepalive_ms", 2**32), ("max_message_bytes", 124), ("max_message_bytes", 2**64)]
        wrong += [("max_message_bytes", 2**30 + 1), ("max_fragments", 2**32)]
        wrong += [("max_unacknowledged", 0), ("address_window_ms", 0), ("max_attempts_per_address", 2**32)]
        wrong += [("drop_policy", 0), ("drop_policy", 4), ("max_receipts", 0)]
        wrong += [("duplicate_policy", 0), ("duplicate_policy", 4), ("probe_timeout_ms", 0)]
        wrong += [("transport", -1), ("transport", 3)]
        for name, number in wrong:
            with self.subTest(name=name, number=number), self.assertRaises(cryo.InvalidError):
                make(**{name: number})

    def test_what_is_no_number_is_a_type_error(self):
        for value in ("80", 1.5, None):
            with self.assertRaises(TypeError):
                make(port=value)

    def test_an_unknown_option_is_told(self):
        with self.assertRaisesRegex(TypeError, "no server option 'prot'"):
            make(prot=80)

    def test_host_with_nul_is_refused(self):
        with self.assertRaises(ValueError):
            make(host="127.0.0.1\0")

    def test_certificate_and_key_belong_together(self):
        for options in ({"tls_cert": "a.pem"}, {"tls_key": "a.pem"}, {"tls_cert": "a.pem", "tls_key": b"b"}):
            with self.assertRaises(ValueError):
                make(**options)

    def test_options_that_do_not_fit_together_are_told(self):
        with self.assertRaises(cryo.InvalidError):
            make(port=0, low_water_mark=2000, high_water_mark=1000).start()

    async def test_the_address_that_it_is_bound_to_is_told(self):
        server = self.serve(host="127.0.0.1")
        host, port = await self.events.next_of("listening")
        self.assertEqual((host, port), ("127.0.0.1", server.port))
        self.assertGreater(port, 0)
        self.assertIn(f"running, port {port}", repr(server))

    async def test_what_carries_the_connections_is_told(self):
        for asked in (cryo.Transport.AUTO, cryo.Transport.POLL, cryo.Transport.LIBWEBSOCKETS):
            with self.subTest(asked):
                server = self.serve(transport=asked)
                self.assertEqual(server.transport, cryo.Transport.POLL if asked == cryo.Transport.AUTO else asked)
                await self.meet(server)

    async def test_ipv6(self):
        try:
            server = self.serve(host="::1")
        except cryo.AddressError as error:
            self.skipTest(f"this machine has no IPv6: {error}")
        _, session = await self.meet(server, host="[::1]")
        self.assertTrue(session.remote_address.startswith("[::1]:"))

    async def test_a_port_that_is_taken_is_told_and_can_be_tried_again(self):
        first = self.serve()
        second = self.make(port=first.port)
        for _ in range(2):
            with self.assertRaises(cryo.AddressError) as caught:
                second.start()
            self.assertEqual(caught.exception.status, cryo.Status.ERR_ADDRESS_IN_USE)
            self.assertIsInstance(caught.exception, OSError)
        await self.in_thread(first.close)
        second.start()
        await self.meet(second)

    async def test_a_host_that_is_not_ours_is_told(self):
        with self.assertRaises(cryo.AddressError):
            self.serve(host="192.0.2.1")

    async def test_max_sessions(self):
        server = self.serve(max_sessions=1)
        await self.meet(server)
        await self.assert_refused(server, status=503)

    async def test_max_message_bytes(self):
        server = self.serve(max_message_bytes=1000)
        peer, _ = await self.meet(server)
        await peer.send(bytes(1000))
        self.assertEqual((await peer.closed())[0], 1009)


class RequestTest(unittest.TestCase):
    """What a client puts into its request, and where that goes."""

    def test_good_ones(self):
        for headers in ({"Origin": "https://example.org"}, [("X-One", "1"), ("X-One", "2")], None):
            cryo.Client("ws://127.0.0.1:1", "t", headers=headers, proxy=None)
        cryo.Client("ws://127.0.0.1:1", "t", proxy="http://user:pass%20word@proxy.test:3128", proxy_from_environment=True)

    def test_bad_ones(self):
        for options in ({"headers": {"Host": "x"}}, {"headers": {"a": "b\r\nc: d"}}, {"proxy": "https://proxy.test"}):
            with self.subTest(options=options), self.assertRaises(cryo.InvalidError):
                cryo.Client("ws://127.0.0.1:1", "t", **options)


if __name__ == "__main__":
    unittest.main()
