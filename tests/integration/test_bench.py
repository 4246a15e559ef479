"""`cryo bench` against `cryo serve`: every kind of load, what it tells, and how it ends."""

import asyncio
import html.parser
import json
import os
import signal
import tempfile
import unittest
import xml.etree.ElementTree

from serve_program import PROGRAM, TOKEN, Serve, certificates, cryo_peer

SHORT = ["--duration", "0.3", "--warm-up", "0.05"]


async def bench(url, *arguments, token=TOKEN):
    """Runs it to its end; gives the exit status, standard output, and standard error."""
    command = [PROGRAM, "bench", url, *(["--token", token] if token else []), *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await asyncio.wait_for(process.communicate(), cryo_peer.PATIENCE)
    return process.returncode, output.decode(), errors.decode()


class Drained(Serve):
    """Its events are read and forgotten, as fast as they come: a server whose reader is slow waits for it."""

    async def begin(self):
        await super().begin()
        self.drain = asyncio.create_task(self.read_all())

    async def read_all(self):
        while await self.process.stdout.read(1 << 20):
            pass

    async def __aexit__(self, *arguments):
        if self.process.returncode is None:
            self.process.kill()
        await self.drain
        await super().__aexit__(*arguments)


class Case(unittest.IsolatedAsyncioTestCase):
    async def assert_measures(self, serve, *arguments, length=SHORT):
        status, output, errors = await bench(serve.url, "--json", *length, *arguments)
        self.assertEqual(status, 0, output + errors)
        self.assertEqual(errors, "")
        result = json.loads(output)
        self.assertEqual(result["errors"]["all"], 0)
        return result


class Loads(Case):
    async def test_what_the_json_tells(self):
        async with Drained("--keepalive-ms", "100") as serve:
            result = await self.assert_measures(serve, "--connections", "8", "--outstanding", "4", "--size", "100")
        self.assertEqual(
            list(result),
            ["server", "load", "interrupted", "connected", "resumed", "connecting_s", "connect_rate", "messages", "measured_s",
             "rate", "bytes_rate", "latency_us", "connect_latency_us", "checked", "errors", "process", "generator", "intervals",
             "failed_if"],
        )  # fmt: skip
        self.assertEqual(result["server"], serve.url)
        self.assertEqual(
            result["load"],
            {"mode": "echo", "connections": 8, "threads": 1, "outstanding": 4, "rate": None, "size": 100, "binary": False,
             "cale": False, "duration_s": 0.3, "warm_up_s": 0.05},
        )  # fmt: skip
        self.assertEqual((result["interrupted"], result["connected"]), (False, 8))
        self.assertGreater(result["messages"], 32)
        self.assertGreaterEqual(result["measured_s"], 0.3)
        self.assertAlmostEqual(result["rate"], result["messages"] / result["measured_s"], places=3)
        self.assertAlmostEqual(result["bytes_rate"], 100 * result["rate"], places=1)
        latency = result["latency_us"]
        self.assertEqual(list(latency), ["count", "min", "mean", "p50", "p90", "p99", "p99.9", "max"])
        self.assertEqual(latency["count"], result["messages"])
        in_order = [latency[name] for name in ("min", "p50", "p90", "p99", "p99.9", "max")]
        self.assertEqual(in_order, sorted(in_order))
        self.assertGreater(latency["min"], 0)
        self.assertEqual(result["connect_latency_us"]["count"], 8)
        # What was on its way at the end was waited for and checked, too.
        self.assertEqual(result["checked"]["acks"], result["checked"]["echoes"])
        self.assertGreaterEqual(result["checked"]["acks"], result["messages"])
        self.assertEqual(sum(each["messages"] for each in result["intervals"]), result["messages"])
        self.assertGreaterEqual(len(result["intervals"]), 2)
        self.assertIsNone(result["process"])
        self.assertGreater(result["generator"]["cpu_s"], 0)

    async def test_threads_share_the_connections(self):
        async with Drained() as serve:
            result = await self.assert_measures(serve, "--threads", "3", "--connections", "8", "--outstanding", "4")
            self.assertEqual((result["load"]["threads"], result["connected"]), (3, 8))
            self.assertEqual(result["connect_latency_us"]["count"], 8)
            self.assertEqual(result["latency_us"]["count"], result["messages"])
            self.assertEqual(result["checked"]["acks"], result["checked"]["echoes"])
            self.assertGreater(result["messages"], 32)
            self.assertEqual(sum(each["messages"] for each in result["intervals"]), result["messages"])
            # They begin at the same time, so that an interval is one for all.
            self.assertLessEqual(len(result["intervals"]), 5)
            for each in result["intervals"]:
                self.assertLess(each["begin_s"], 0.3 + each["length_s"])
            # The messages of an open loop are as many as with one.
            result = await self.assert_measures(
                serve, "--threads", "2", "--connections", "5", "--rate", "500", length=["--duration", "1", "--warm-up", "0"]
            )
            self.assertLessEqual(abs(result["messages"] - 500), 4)
        async with Serve() as serve:
            result = await self.assert_measures(serve, "--mode", "connect", "--threads", "2", "--connections", "4")
            self.assertGreater(result["messages"], 4)
            await serve.stop()
            ends = [event["code"] for event in serve.rest if event["event"] == "closed"]
            self.assertGreaterEqual(len(ends), result["messages"])
            self.assertEqual(set(ends), {4000})

    async def test_sizes_and_kinds(self):
        async with Drained() as serve:
            for size in ("0", "1", "7", "8", "104", "105", "64k", "300k"):
                for kind in ([], ["--binary"]):
                    with self.subTest(size=size, kind=kind):
                        arguments = ["--size", size, "--connections", "2", "--outstanding", "3", *kind]
                        result = await self.assert_measures(
                            serve, *arguments, length=["--duration", "0.05", "--warm-up", "0"]
                        )
                        self.assertGreaterEqual(result["checked"]["echoes"], 6)

    async def test_cale(self):
        async with Drained("--cale") as serve:
            result = await self.assert_measures(serve, "--cale", "--connections", "4", "--outstanding", "40")
            self.assertGreater(result["messages"], 160)
            status, output, _ = await bench(serve.url, "--json", *SHORT)
            self.assertEqual(status, 5, output)  # it speaks CALE, and the generator does not

    async def test_tls(self):
        async with Drained(tls="ec") as serve:
            url = serve.url.replace("127.0.0.1", "localhost")
            ca = os.path.join(certificates(), "ec.pem")
            status, output, errors = await bench(url, "--ca", ca, "--json", "--outstanding", "8", "--size", "20k", *SHORT)
            self.assertEqual(status, 0, output + errors)
            self.assertGreater(json.loads(output)["messages"], 0)
            status, output, _ = await bench(url, "--json", *SHORT)
            self.assertEqual(status, 1)
            self.assertIn("TLS", json.loads(output)["errors"]["words"][0])

    async def test_tls_sessions_are_resumed(self):
        async with Serve("--threads", "2", tls="ec") as serve:
            url = serve.url.replace("127.0.0.1", "localhost")
            arguments = ["--ca", os.path.join(certificates(), "ec.pem"), "--mode", "connect", "--connections", "3", *SHORT]
            for resume, arguments in ((True, [*arguments, "--tls-resume"]), (False, arguments)):
                status, output, errors = await bench(url, "--json", *arguments)
                self.assertEqual(status, 0, output + errors)
                result = json.loads(output)
                self.assertGreater(result["messages"], 0)
                if resume:  # all but those with which it began
                    self.assertGreaterEqual(result["resumed"] + 3, result["messages"])
                    self.assertIn("resumed", (await bench(url, *arguments))[1])
                else:
                    self.assertEqual(result["resumed"], 0)

    async def test_acknowledgements_only(self):
        async with Drained("--mode", "sink") as serve:
            result = await self.assert_measures(serve, "--mode", "ack", "--connections", "4", "--outstanding", "4")
            self.assertGreater(result["messages"], 16)
            self.assertEqual(result["checked"]["echoes"], 0)

    async def test_a_broadcast(self):
        for cale in ([], ["--cale"]):
            async with Drained("--mode", "broadcast", *cale) as serve:
                arguments = ["--mode", "broadcast", "--connections", "5", "--outstanding", "3", *cale]
                result = await self.assert_measures(serve, *arguments)
                self.assertGreater(result["messages"], 12)
                # One sends, and each of the four others hears it.
                self.assertEqual(result["checked"]["echoes"], 4 * result["checked"]["acks"])

    async def test_connections_only(self):
        for cale in ([], ["--cale"]):
            async with Serve(*cale) as serve:
                result = await self.assert_measures(serve, "--mode", "connect", "--connections", "4", *cale)
                self.assertGreater(result["messages"], 4)
                self.assertEqual(result["latency_us"]["count"], result["messages"])
                self.assertAlmostEqual(result["connect_rate"], result["rate"], places=3)
                status, _ = await serve.stop()
                self.assertEqual(status, 0)
                ends = [event["code"] for event in serve.rest if event["event"] == "closed"]
                self.assertGreaterEqual(len(ends), result["messages"])
                self.assertEqual(set(ends), {4000})

    async def test_idle_sessions_and_what_the_server_takes(self):
        async with Drained() as serve:
            pid = ["--server-pid", str(serve.process.pid)]
            result = await self.assert_measures(serve, "--mode", "idle", "--connections", "200", *pid)
            self.assertEqual((result["connected"], result["messages"]), (200, 0))
            self.assertGreater(result["process"]["resident_connected"], result["process"]["resident_before"])
            result = await self.assert_measures(serve, *pid)
            per_message = result["process"]["cpu_s"] * 1e6 / result["messages"]
            self.assertAlmostEqual(result["process"]["cpu_us_per_message"], per_message, places=3)
            self.assertGreater(per_message, 0)

    async def test_an_open_loop_keeps_to_its_times(self):
        async with Drained() as serve:
            result = await self.assert_measures(
                serve, "--rate", "0.5k", "--connections", "5", length=["--duration", "1", "--warm-up", "0"]
            )
        self.assertEqual((result["load"]["rate"], result["load"]["outstanding"]), (500, None))
        # Each is due at a time that was settled before, and counts, also when its answer comes behind the end.
        self.assertLessEqual(abs(result["messages"] - 500), 2)
        # Some may be due between the measurement's end and that of the load.
        self.assertGreaterEqual(result["checked"]["echoes"], result["messages"])


class Reports(Case):
    async def test_for_people(self):
        async with Drained() as serve:
            status, output, errors = await bench(serve.url, *SHORT, "--connections", "3")
            self.assertEqual((status, errors), (0, ""))
            lines = output.splitlines()
            self.assertEqual(lines[0], f"{serve.url}: 3 connections, 1 outstanding each, 64 bytes of text")
            names = [line.split()[0] for line in lines[1:]]
            self.assertEqual(names, ["connected", "messages", "latency", "connecting", "generator", "errors"])
            self.assertRegex(output, r"\n  latency     p50 \S+ .s  p90 \S+ .s  p99 \S+ .s  p99.9 \S+ .s  max ")
            self.assertTrue(output.endswith("errors      none\n"))

    async def test_as_a_page(self):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "report.html")
            async with Drained() as serve:
                status, output, errors = await bench(
                    serve.url + "/a%3Cb", "--html", name, *SHORT, "--fail-if", "p50>1ns"
                )
                self.assertEqual(status, 6, output + errors)
                status, _, errors = await bench(serve.url, "--html", os.path.join(folder, "no", "page.html"), *SHORT)
                self.assertEqual(status, 1)
                self.assertIn("cannot write", errors)
            with open(name, encoding="utf-8") as file:
                page = file.read()
        tags = []
        parser = html.parser.HTMLParser()
        parser.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
        parser.feed(page)
        # Nothing is fetched from anywhere.
        self.assertFalse({"script", "link", "img", "iframe", "object"} & {tag for tag, _ in tags})
        for _, attributes in tags:
            self.assertFalse({"src", "href"} & set(attributes))
        self.assertNotIn("url(", page)
        self.assertNotIn("@import", page)
        self.assertNotIn(TOKEN, page)
        for text in ("Latency by percentile", "Messages a second", "Latency over time", "p99.9", "p50&gt;1ns"):
            self.assertIn(text, page)
        plots = page.split("<svg ")[1:]
        self.assertEqual(len(plots), 3)
        for plot, lines in zip(plots, (1, 1, 3)):
            svg = xml.etree.ElementTree.fromstring("<svg " + plot.split("</svg>")[0] + "</svg>")
            drawn = svg.findall("polyline")
            self.assertEqual(len(drawn), lines)
            for line in drawn:
                points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
                self.assertGreaterEqual(len(points), 2)
                self.assertEqual([x for x, _ in points], sorted(x for x, _ in points))
                for x, y in points:
                    self.assertTrue(0 <= x <= 720 and 0 <= y <= 300, (x, y))


class Conditions(Case):
    async def test_both_ways(self):
        async with Drained() as serve:
            kept = ["p50>100s", "p99 >= 100s", "p99.9>100s", "max>100s", "mean>1e6ms", "rate<1", "bytes <= 1", "errors>0",
                    "connect-rate<0.001"]  # fmt: skip
            arguments = [part for text in kept for part in ("--fail-if", text)]
            result = await self.assert_measures(serve, *arguments)
            self.assertEqual(result["failed_if"], [])
            for text in ("p50>1ns", "p99<100s", "max >= 1us", "rate<1G", "rate>1", "errors<=0", "cpu<1s"):
                with self.subTest(condition=text):
                    status, output, errors = await bench(
                        serve.url, "--json", *SHORT, "--fail-if", "p99>100s", "--fail-if", text
                    )
                    self.assertEqual(status, 6)
                    self.assertEqual(json.loads(output)["failed_if"], [text])
                    self.assertEqual(errors, f"cryo: {text}\n")

    async def test_bad_arguments(self):
        for arguments in (
            ["--fail-if", "p98>1ms"],
            ["--fail-if", "p99"],
            ["--fail-if", "p99>5"],
            ["--fail-if", "p99>5 parsecs"],
            ["--fail-if", "rate>5ms"],
            ["--fail-if", "p99=5ms"],
            ["--fail-if", "p99>-5ms"],
            ["--connections", "0"],
            ["--outstanding", "0"],
            ["--rate", "0"],
            ["--rate", "5", "--outstanding", "2"],
            ["--mode", "noise"],
            ["--ca", "file.pem"],
            ["--tls-resume"],
            ["--threads", "0"],
            ["--threads", "3", "--connections", "2"],
            ["--threads", "2", "--mode", "broadcast"],
        ):
            with self.subTest(arguments=arguments):
                status, output, errors = await bench("ws://127.0.0.1:1", *arguments)
                self.assertEqual((status, output), (2, ""))
                self.assertNotEqual(errors, "")
        for url in ("http://127.0.0.1:1", "ws://", "127.0.0.1"):
            self.assertEqual((await bench(url))[0], 2, url)
        status, _, errors = await bench("ws://127.0.0.1:1", token=None)
        self.assertEqual(status, 2)
        self.assertIn("a token is needed", errors)


class Ends(Case):
    async def test_help_tells_the_exit_status(self):
        process = await asyncio.create_subprocess_exec(
            PROGRAM, "bench", "--help", stdout=asyncio.subprocess.PIPE
        )
        text = (await process.communicate())[0].decode()
        self.assertIn("Exit status", text)
        self.assertRegex(text, r"\n  6 +a --fail-if holds")

    async def test_refused(self):
        async with Drained() as serve:
            for threads in ("1", "3"):
                status, output, errors = await bench(
                    serve.url, "--json", "--threads", threads, *SHORT, token="of somebody else"
                )
                self.assertEqual(status, 3, output + errors)
                result = json.loads(output)
                self.assertGreaterEqual(result["errors"]["refused"], 1)
                self.assertIn("401", result["errors"]["words"][0])
                self.assertNotIn("somebody", output + errors)

    async def test_nobody_listens(self):
        async with Drained() as serve:
            url = serve.url
        for mode in ("echo", "connect"):
            status, output, _ = await bench(url, "--mode", mode, "--json", *SHORT)
            self.assertEqual(status, 1)
            self.assertGreaterEqual(json.loads(output)["errors"]["unconnected"], 1)

    async def test_the_server_ends(self):
        for threads in ("1", "2"):
            async with Serve() as serve:
                load = ["--connections", "2", "--rate", "20", "--threads", threads]
                running = asyncio.create_task(bench(serve.url, "--json", *load))
                await serve.event("message-utf8")
                serve.process.kill()
                status, output, errors = await running
            self.assertEqual(status, 5, output + errors)
            self.assertEqual(json.loads(output)["errors"]["lost"], 2)

    async def test_a_signal_ends_the_measurement(self):
        for warm_up, threads in (("0", "1"), ("60", "1"), ("0", "2"), ("60", "2")):
            async with Serve() as serve:
                process = await asyncio.create_subprocess_exec(
                    PROGRAM, "bench", serve.url, "--token", TOKEN, "--json", "--duration", "60", "--warm-up", warm_up,
                    "--connections", "2", "--rate", "20", "--threads", threads, stdout=asyncio.subprocess.PIPE,
                )  # fmt: skip
                await serve.event("message-utf8")
                process.send_signal(signal.SIGINT)
                # What the server tells must be read, or it waits.
                events = asyncio.create_task(self.read_closes(serve, 2))
                output, _ = await asyncio.wait_for(process.communicate(), cryo_peer.PATIENCE)
                await events
                self.assertEqual(process.returncode, 0, output)
                result = json.loads(output)
                self.assertTrue(result["interrupted"])
                self.assertLess(result["measured_s"], 60)

    async def read_closes(self, serve, count):
        for _ in range(count):
            self.assertEqual((await serve.event("closed"))["code"], 4000)


if __name__ == "__main__":
    unittest.main()
