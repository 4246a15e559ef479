using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Cryo;

/// <summary>What is particular to this package; what holds in each language is told by the conformance cases.</summary>
public static class Tests
{
    public static int Main(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            LeaveInHandler();
        }
        Check.Test("the library", TheLibrary);
        Check.Test("one object for a session", OneObject);
        Check.Test("what the validator gives", Given);
        Check.Test("validators that fail", ValidatorsFail);
        Check.Test("receipts as tasks", Receipts);
        Check.Test("receipts by number, keys", Numbers);
        Check.Test("waiting and closing in a handler", InHandler);
        Check.Test("a handler that throws", Throwing);
        Check.Test("errors have classes", Errors);
        Check.Test("options that cannot be", OptionsThatCannotBe);
        Check.Test("each option reaches the library", EachOption.Try);
        Check.Test("extensions come and go", Extensions);
        Check.Test("token providers, tokens", Tokens);
        Check.Test("peers", Peers);
        Check.Test("to many", Many);
        Check.Test("acknowledged by hand, paused", Acknowledged);
        Check.Test("sessions that expire", Expiry);
        Check.Test("figures", Figures);
        Check.Test("the log", TheLog);
        Check.Test("TLS is exchanged", Tls);
        Check.Test("a start that fails is tried again", StartAgain);
        Check.Test("draining with a reason", Drain);
        Check.Test("events as a stream", Streams.Read);
        Check.Test("a stream that is left", Streams.Leave);
        Check.Test("a stream that nobody reads", Streams.Unread);
        Check.Test("a stream that is cancelled", Streams.Cancel);
        return Check.Failures == 0 ? 0 : 1;
    }

    /// <summary>Ends the program, with 5, by a handler, which never returns.</summary>
    private static void LeaveInHandler()
    {
        var server = new Server(new ServerOptions { Port = 0 }, token => true);
        server.SessionOpened += session => Environment.Exit(5);
        server.Start();
        new Client("ws://127.0.0.1:" + server.Port, "good").Start();
        server.Wait();
    }

    private static void TheLibrary()
    {
        Check.That(Version.Parse(Library.Version) >= new Version(0, 1), Library.Version);
        Check.That(Library.BuildInfo.Contains("libuv"), Library.BuildInfo);
        Check.Equal(1, Library.AbiVersion);
        Check.Equal("CRYO_ERR_FULL", Library.StatusName(Status.Full));
    }

    private static void OneObject()
    {
        using (var pair = new Pair())
        {
            var session = pair.Connect();
            Check.That(pair.Server.GetSessions()[0] == session, "GetSessions has the same object");
            Check.That(pair.Server.Find(session.Id) == session, "Find has the same object");
            Check.Equal(null, pair.Server.Find(Guid.NewGuid()));
            Check.Equal(pair.Client.Session.Id, session.Id);
            session["key"] = 1;
            Check.Equal(1, session["key"]);
            session["key"] = null;
            Check.Equal(null, session["key"]);
            var address = session.RemoteAddress;
            Check.That(session.Stats.BytesRx >= 0 && session.IsOpen && !session.IsPeer, "it is open");
            pair.Client.Close();
            Check.Equal("4000 ", pair.Told.Closed.Next());
            pair.Server.Close(); // what the handler has seen, the table may not have
            Check.Equal(address, session.RemoteAddress);
            Check.That(!session.IsOpen, "it is closed");
            Check.Throwing<ClosedException>(() => Check.That(session.Stats == null, "never"));
            session.Close();
        }
    }

    private static void Given()
    {
        var wrong = new Check.Seen<string>();
        var user = new object();
        var options = new ServerOptions { Port = 0 }.AddSessionHeader("User-Agent");
        var server = new Server(options, (Auth auth) =>
        {
            auth.SetClaim("name", "Ada");
            Check.Equal("tests", auth.Header("user-agent"));
            Check.Equal("b & c", auth.Parameter("a"));
            Check.Equal(null, auth.Parameter("none"));
            Check.Equal(null, auth.PeerCertificate);
            Check.Equal("", auth.ProxyAddress);
            Check.Equal("/", auth.Path);
            Check.That(auth.RemoteAddress.StartsWith("127.0.0.1:"), auth.RemoteAddress);
            Check.That(auth.Accept(user) && !auth.Accept() && auth.IsAnswered, "answered once");
        });
        server.Error += (error, where) => wrong.Put(error.Message);
        using (var pair = new Pair(server))
        {
            var id = Guid.NewGuid();
            var wanted = pair.ClientOptions("ü").AddHeader("User-Agent", "tests").AddParameter("a", "b & c");
            wanted.SessionId = id;
            var session = pair.Connect(wanted);
            Check.Equal(id, session.Id);
            Check.Equal(id.ToString(), session.Parameter("x-cryo-sid"));
            Check.Equal(user, session.User);
            Check.Equal("Ada", session.Claim("name"));
            Check.Equal("ü", session.Token);
            Check.Equal("tests", session.Header("user-agent"));
            Check.That(session.Parameters.Contains(new KeyValuePair<string, string>("a", "b & c")), "the parameter");
            Check.Equal("/", session.Path);
            Check.Equal("", session.ProxyAddress);
            Check.Equal(null, session.PeerCertificate);
            Check.That(wrong.IsEmpty, "the validator was content");
        }
    }

    private static void ValidatorsFail()
    {
        var options = new ServerOptions { Port = 0 };
        var servers = new[]
        {
            new Server(options, async (string token) =>
            {
                await Task.Yield();
                return Fail(token);
            }),
            new Server(options, (Func<string, bool>)Fail),
            new Server(options, async (Auth auth) =>
            {
                await Task.Yield();
                Fail(auth.Token);
            }),
        };
        foreach (var server in servers)
        {
            using (var pair = new Pair(server))
            {
                pair.Begin(pair.ClientOptions());
                Check.Equal("Http 401", pair.ClientTold.Failures.Next());
                Check.Equal("the validator: no database", pair.Told.Errors.Next());
                Check.That(pair.Client.Wait(Check.Patience), "it is over");
            }
        }
    }

    private static bool Fail(string token)
    {
        throw new InvalidOperationException("no database");
    }

    private static void Receipts()
    {
        using (var pair = new Pair())
        {
            var session = pair.Connect();
            var receipt = Check.InTime(session.SendForReceipt(new Message("x")));
            Check.That(receipt.Arrived && receipt.Rtt >= 0 && receipt.By.Length == 0, receipt.ToString());
            pair.Client.Close();
            pair.Server.Close();
            Check.That(session.SendForReceipt(new Message("x")).IsFaulted, "it is not taken");
        }
    }

    private static void Numbers()
    {
        var options = new ServerOptions { Port = 0, DropPolicy = DropPolicy.DedupeLatest };
        using (var pair = new Pair(new Server(options, token => token == "good")))
        {
            var session = pair.Connect();
            session.Send(new Message("x"), "key", long.MaxValue);
            Check.Equal(long.MaxValue + " Acknowledged", pair.Told.Receipts.Next());
            Check.Throwing<ArgumentOutOfRangeException>(() => session.Send(new Message("x"), null, -1));
            session.Ping();
        }
    }

    private static void InHandler()
    {
        var seen = new Check.Seen<string>();
        using (var pair = new Pair())
        {
            pair.Server.SessionOpened += session =>
            {
                seen.Put(Check.Throwing<StateException>(() => pair.Server.Wait()).Name);
                pair.Server.Close(); // begins to
            };
            pair.Connect();
            Check.Equal("CRYO_ERR_STATE", seen.Next());
            Check.Equal("4000 Server shutdown.", pair.Told.Closed.Next());
            Check.That(pair.Server.Completion.Wait(Check.Patience), "it ends");
            Check.Throwing<ClosedException>(() => pair.Server.Broadcast("x"));
        }
    }

    private static void Throwing()
    {
        using (var pair = new Pair())
        {
            pair.Server.MessageReceived += (session, message) => Fail(message.Text);
            pair.Connect();
            pair.Client.Send("one");
            pair.Client.Send(new byte[] { 0, 1 });
            Check.Equal("one", pair.Told.Message());
            Check.Equal("2 bytes", pair.Told.Message());
            Check.Equal("a handler of Message: no database", pair.Told.Errors.Next());
        }
    }

    private static void Errors()
    {
        using (var pair = new Pair())
        {
            Check.Equal(Status.State, Check.Throwing<StateException>(() => pair.Server.Start()).Status);
            var taken = Check.Throwing<CryoException>(
                () => new Server(new ServerOptions { Port = (ushort)pair.Server.Port }, token => true).Start());
            Check.Equal("CRYO_ERR_ADDRESS_IN_USE", taken.Name);
            Check.Equal(Status.AddressInUse, taken.Status);
            Check.That(taken.Text.Length > 0 && taken.Message.Contains(taken.Text), taken.Message);
            var session = pair.Connect();
            Check.Equal(Status.Invalid, Check.Throwing<CryoException>(() => session.Close(1005)).Status);
        }
    }

    private static void OptionsThatCannotBe()
    {
        Func<string, bool> anybody = token => true;
        Check.Throwing<ArgumentOutOfRangeException>(() => new Server(new ServerOptions { Threads = 0 }, anybody));
        Check.Throwing<CryoException>(() => new Server(new ServerOptions { KeepaliveMs = 1 }, anybody));
        Check.Throwing<ArgumentException>(() => new Client("ws://a\0b", "t"));
        Check.Throwing<CryoException>(() => new Client("http://a", "t"));
        Check.Throwing<ArgumentNullException>(() => new Server(null, anybody));
        Check.Throwing<ArgumentNullException>(() => new Message((byte[])null));
        new Client(new ClientOptions { Url = "ws://a", Token = "t", Proxy = "http://p", UseProxyFromEnvironment = false });
        Check.Throwing<StateException>(() => new Client("ws://a", "t").Send("x"));
    }

    private static void Extensions()
    {
        var gone = new Check.Seen<string>();
        var shout = new Extension("shout") { TimeoutMs = 30000 };
        shout.On(Direction.BeforeSend, async (Hook hook) =>
        {
            await Task.Yield();
            hook.Replace(hook.Message.Text.ToUpperInvariant());
        });
        shout.Unregistered += () => gone.Put("gone");
        using (var pair = new Pair())
        {
            var session = pair.Connect();
            pair.Server.AddExtension(shout);
            Check.Equal(shout, pair.Server.FindExtension("shout"));
            Check.Equal(Status.Exists, Check.Throwing<CryoException>(() => pair.Server.AddExtension(shout)).Status);
            session.Send("loud");
            Check.Equal("LOUD", pair.ClientTold.Message());
            pair.Server.RemoveExtension("shout");
            Check.Equal("gone", gone.Next());
            GC.Collect(); // a thread of the library's has been here
            Check.Equal(null, pair.Server.FindExtension("shout"));
            session.Send("quiet");
            Check.Equal("quiet", pair.ClientTold.Message());
        }
    }

    private static void Tokens()
    {
        using (var pair = new Pair())
        {
            pair.Connect(pair.ClientOptions(null), async () =>
            {
                await Task.Yield();
                return "good";
            });
            Check.Throwing<StateException>(() => pair.Client.SetToken("x"));
            pair.Client.Close();
            pair.Begin(pair.ClientOptions(null), async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("no token");
            });
            Check.Equal("Token 0", pair.ClientTold.Failures.Next());
            Check.Equal("the token provider: no token", pair.ClientTold.Errors.Next());
        }
    }

    private static void Peers()
    {
        using (var pair = new Pair())
        using (var other = new Pair())
        {
            var options = new ClientOptions { Url = "ws://127.0.0.1:" + other.Server.Port };
            var peer = pair.Server.ConnectPeer(options, () => Task.FromResult("good"));
            Check.That(pair.Told.Sessions.Next() == peer && peer.IsPeer, "it is the same");
            var there = other.Told.Sessions.Next();
            peer.Send("from server to server");
            Check.Equal("from server to server", other.Told.Message());
            there.Send("and back");
            Check.Equal("and back", pair.Told.Message());
            peer.Close(4001, "enough");
            Check.Equal("4001 enough", other.Told.Closed.Next());
        }
    }

    private static void Many()
    {
        using (var pair = new Pair())
        using (var other = new Pair())
        {
            var both = new[] { pair.Connect(), other.Connect() };
            Check.That(Library.SendAll(both, new Message("to two servers")).All(each => each == Status.Ok), "both take it");
            Check.Equal("to two servers", pair.ClientTold.Message());
            Check.Equal("to two servers", other.ClientTold.Message());
            pair.Server.Broadcast("to all");
            Check.Equal("to all", pair.ClientTold.Message());
        }
    }

    private static void Acknowledged()
    {
        using (var pair = new Pair(new Server(new ServerOptions { Port = 0, ManualAck = true }, token => token == "good")))
        {
            var session = pair.Connect();
            var receipt = pair.Client.SendForReceipt(new Message("job"));
            var job = pair.Told.Messages.Next();
            Check.That(!receipt.IsCompleted, "nobody has acknowledged it");
            Check.That(session.Ack(job), "in time");
            Check.Equal(Outcome.Acknowledged, Check.InTime(receipt).Outcome);
            session.PauseReading();
            session.ResumeReading();
            pair.Client.Send("next");
            Check.Equal("next", pair.Told.Message());
        }
    }

    private static void Expiry()
    {
        using (var pair = new Pair())
        {
            var session = pair.Connect();
            session.SetExpiry(long.MaxValue);
            session.SetExpiry(1);
            Check.Equal("4001 Token expired.", pair.Told.Closed.Next());
        }
    }

    private static void Figures()
    {
        using (var pair = new Pair())
        {
            pair.Connect();
            Check.Equal(1, pair.Server.SessionCount);
            Check.Equal(1.0, pair.Server.GetStat(ServerStat.AcceptedSessions));
            Check.Equal(0.0, pair.Server.GetStat(ServerStat.Refused, 401));
            Check.That(pair.Server.GetMetrics().Contains("cryo_"), "figures");
            Check.That(pair.Server.Transport != Transport.Auto, "it has one");
        }
    }

    private static void TheLog()
    {
        var lines = new Check.Seen<string>();
        if (Type.GetType("Mono.Runtime") != null)
        {
            var refused = Check.Throwing<CryoException>(() => Library.SetLog(LogLevel.Warning, (level, line) => lines.Put(line)));
            Check.Equal(Status.Unsupported, refused.Status);
            Library.SetLog(LogLevel.Warning);
            return;
        }
        Library.SetLog(LogLevel.Warning, (level, line) => lines.Put(level + " " + line));
        try
        {
            using (var pair = new Pair())
            {
                pair.Connect();
                pair.Server.AddExtension(new Extension("strict").On(Direction.OnReceive, (Hook hook) =>
                {
                    hook.Fail("not so");
                }));
                pair.Client.Send("x");
                var line = lines.Next();
                Check.That(line.StartsWith("Warning ") && line.Contains("not so"), line);
                GC.Collect(); // a thread of the library's has been here
            }
        }
        finally
        {
            Library.SetLog(LogLevel.Warning);
        }
    }

    private static void Tls()
    {
        var folder = Environment.GetEnvironmentVariable("CERTIFICATES");
        var certificate = Path.Combine(folder, "rsa.pem");
        var key = Path.Combine(folder, "rsa.key");
        var options = new ServerOptions { Port = 0 }.SetTlsFiles(certificate, key);
        using (var pair = new Pair(new Server(options, token => token == "good")))
        {
            pair.Server.ReloadTls();
            pair.Server.SetTls(new ServerOptions().SetTlsMemory(File.ReadAllBytes(certificate), File.ReadAllBytes(key)));
            var keys = new byte[80];
            using (var random = RandomNumberGenerator.Create())
            {
                random.GetBytes(keys);
            }
            pair.Server.SetTlsTicketKeys(keys);
            pair.Server.SetTlsTicketKeys(null);
            var wrong = Check.Throwing<CryoException>(() => pair.Server.SetTls(new ServerOptions().SetTlsFiles("none.pem", key)));
            Check.Equal(Status.TlsFile, wrong.Status);
            var wanted = pair.ClientOptions();
            wanted.Url = "wss://localhost:" + pair.Server.Port;
            wanted.TlsCaMemory = File.ReadAllBytes(certificate);
            pair.Connect(wanted);
            pair.Client.Send("sealed");
            Check.Equal("sealed", pair.Told.Message());
        }
    }

    private static void StartAgain()
    {
        using (var pair = new Pair())
        {
            using (var second = new Server(new ServerOptions { Port = (ushort)pair.Server.Port }, token => true))
            {
                Check.Throwing<CryoException>(() => second.Start());
                pair.Server.Close();
                second.Start();
                Check.That(second.Port > 0, "it listens");
                Check.That(second.CloseAsync().Wait(Check.Patience), "it closes");
            }
        }
    }

    private static void Drain()
    {
        using (var pair = new Pair())
        {
            pair.Connect();
            pair.Server.Drain(0, 0, 1012, "moving");
            Check.Equal("1012 moving", pair.Told.Closed.Next());
            Check.That(pair.Server.Wait(Check.Patience), "it stops");
        }
    }
}
