using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Cryo;
using Fields = System.Collections.Generic.Dictionary<string, object>;

/// <summary>What each `do` means, with the command's fields.</summary>
internal sealed class Commands
{
    private static readonly Fields Nothing = new Fields();

    private readonly Dictionary<string, Teller> tellers = new Dictionary<string, Teller>();

    internal Fields CarryOut(Fields given)
    {
        var what = (string)given["do"];
        switch (what)
        {
            case "server":
                return MakeServer(given);
            case "client":
                return MakeClient(given);
            case "extension":
                return MakeExtension(given);
            case "burst":
                return Burst(given);
            case "get":
                return Driver.Map("value", Asked(given));
            case "accept":
            case "replace":
            case "reject":
            case "refuse":
                return Answer(what, (Auth)Driver.Ticket(given), given);
            case "pass":
            case "replace_with":
            case "stop_message":
            case "fail_message":
                return Answer(what, (Hook)Driver.Ticket(given), given);
            case "collect":
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Nothing;
            case "stop":
            case "wait":
            case "free":
            case "drain":
            case "add_extension":
            case "remove_extension":
            case "throw_in":
            case "broadcast":
            case "find":
                return OfEndpoint(what, given);
            default:
                return OfSession(what, given);
        }
    }

    // ---- making

    private static T Of<T>(Fields given, string name, T otherwise)
    {
        object value;
        return given.TryGetValue(name, out value) ? (T)value : otherwise;
    }

    private Fields MakeServer(Fields given)
    {
        var name = (string)given["as"];
        var options = new ServerOptions { Port = 0 };
        Set(options, Of(given, "options", Nothing));
        var server = NewServer(options, Of(given, "validator", "good"), name);
        tellers[name] = new Teller(name, server, Of(given, "echo", false));
        Driver.Objects[name] = server;
        server.Start();
        return Driver.Map("port", server.Port);
    }

    private static Server NewServer(ServerOptions options, string validator, string name)
    {
        switch (validator)
        {
            case "good":
                return new Server(options, token => token == "good");
            case "later":
                return new Server(options, async token =>
                {
                    await Task.Yield();
                    return token == "good";
                });
            case "throw":
                return new Server(options, (Func<string, bool>)(token =>
                {
                    throw new InvalidOperationException("thrown in the validator");
                }));
            case "ask":
                return new Server(options, (Auth auth) =>
                {
                    Driver.Tell("auth", name, "ticket", Driver.NewTicket(auth), "token", auth.Token);
                });
            default:
                return new Server(options, (Auth auth) =>
                {
                    Driver.NewTicket(auth);
                });
        }
    }

    private Fields MakeClient(Fields given)
    {
        var name = (string)given["as"];
        var wanted = Of(given, "options", Nothing);
        var options = new ClientOptions { Url = Of<string>(given, "url", null) };
        if (options.Url == null)
        {
            var port = ((Server)Driver.Objects[(string)given["to"]]).Port;
            options.Url = wanted.ContainsKey("tls_ca_file") ? "wss://localhost:" + port : "ws://127.0.0.1:" + port;
        }
        Set(options, wanted);
        if (!given.ContainsKey("provider"))
        {
            options.Token = Of(given, "token", "good");
        }
        var client = new Client(options, Provider(Of<string>(given, "provider", null)));
        tellers[name] = new Teller(name, client, Of(given, "echo", false));
        Driver.Objects[name] = client;
        client.Start();
        client.Session["name"] = name;
        return Nothing;
    }

    private static Func<Task<string>> Provider(string kind)
    {
        switch (kind)
        {
            case null:
                return null;
            case "good":
                return () => Task.FromResult("good");
            case "throw":
                return () => { throw new InvalidOperationException("thrown in the token provider"); };
            default:
                return () => new TaskCompletionSource<string>().Task;
        }
    }

    /// <summary>By the properties and methods that the options have for the names of cryo.h.</summary>
    private static void Set(Options options, Fields wanted)
    {
        foreach (var each in wanted)
        {
            var name = string.Concat(each.Key.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));
            var values = each.Value as List<object> ?? new List<object> { each.Value };
            var property = options.GetType().GetProperty(name);
            if (property != null)
            {
                property.SetValue(options, As(property.PropertyType, values[0]), null);
                continue;
            }
            var method = options.GetType().GetMethod("Add" + name) ?? options.GetType().GetMethod("Set" + name);
            var types = method.GetParameters();
            for (var from = 0; from < values.Count; from += types.Length)
            {
                method.Invoke(options, types.Select((of, at) => As(of.ParameterType, values[from + at])).ToArray());
            }
        }
    }

    private static object As(Type type, object value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            return Enum.ToObject(type, value);
        }
        if (type == typeof(Guid))
        {
            return Guid.Parse((string)value);
        }
        return Convert.ChangeType(value, type);
    }

    private static Fields MakeExtension(Fields given)
    {
        var extension = new Extension((string)given["name"]);
        foreach (string each in (List<object>)given["hooks"])
        {
            var words = each.Split(' ');
            var direction = words[0] == "before_send" ? Direction.BeforeSend : Direction.OnReceive;
            var kind = words[1] == "utf8" ? MessageKind.Utf8 : MessageKind.Binary;
            extension.On(direction, kind, (Hook hook) => Decide(hook, given));
        }
        if (given.ContainsKey("timeout_ms"))
        {
            extension.TimeoutMs = (uint)(long)given["timeout_ms"];
        }
        if (given.ContainsKey("on_failure"))
        {
            extension.OnFailure = (string)given["on_failure"] == "pass" ? Verdict.Pass : Verdict.Stop;
        }
        Driver.Objects[(string)given["as"]] = extension;
        return Nothing;
    }

    private static void Decide(Hook hook, Fields given)
    {
        switch ((string)given["does"])
        {
            case "pass":
                hook.Pass();
                break;
            case "stop":
                hook.Stop();
                break;
            case "replace":
                hook.Replace(Driver.Payload(given).Data);
                break;
            case "throw":
                throw new InvalidOperationException("thrown in a hook");
            case "ask":
                Driver.Tell("hook", (string)hook.Session["name"], Driver.Shown(hook.Message, "ticket", Driver.NewTicket(hook),
                    "extension", given["name"], "direction", Teller.Snake(hook.Direction.ToString())));
                break;
            default:
                Driver.NewTicket(hook);
                break;
        }
    }

    // ---- tickets

    private static Fields Answer(string what, Auth auth, Fields given)
    {
        switch (what)
        {
            case "accept":
                foreach (var each in Of(given, "claims", Nothing))
                {
                    if (!auth.IsAnswered)
                    {
                        auth.SetClaim(each.Key, (string)each.Value);
                    }
                }
                if (given.ContainsKey("expiry_ms"))
                {
                    auth.SetExpiry((long)given["expiry_ms"]);
                }
                return Settled(auth.Accept());
            case "replace":
                return Settled(auth.Replace());
            case "reject":
                return Settled(auth.Reject(Of<string>(given, "reason", null)));
            default:
                return Settled(auth.Refuse((int)(long)given["status"], Of<string>(given, "reason", null)));
        }
    }

    private static Fields Answer(string what, Hook hook, Fields given)
    {
        switch (what)
        {
            case "pass":
                return Settled(hook.Pass());
            case "replace_with":
                return Settled(hook.Replace(Driver.Payload(given).Data));
            case "stop_message":
                return Settled(hook.Stop());
            default:
                return Settled(hook.Fail(Of<string>(given, "reason", null)));
        }
    }

    /// <summary>This package says by a truth value what others say by an error.</summary>
    private static Fields Settled(bool inTime)
    {
        return inTime ? Nothing : Driver.Map("error", "CRYO_ERR_STATE", "text", "settled before");
    }

    // ---- servers and clients

    private Fields OfEndpoint(string what, Fields given)
    {
        var name = (string)given["on"];
        var on = (Endpoint)Driver.Objects[name];
        switch (what)
        {
            case "stop":
                ((Server)on).Stop();
                break;
            case "wait":
                if (!on.Wait(TimeSpan.FromSeconds(20)))
                {
                    throw new TimeoutException("it has not ended");
                }
                break;
            case "free":
                on.Dispose();
                break;
            case "drain":
                ((Server)on).Drain((uint)(long)given["deadline_ms"], (uint)Of(given, "batch_ms", 0L));
                break;
            case "add_extension":
                on.AddExtension((Extension)Driver.Objects[(string)given["extension"]]);
                break;
            case "remove_extension":
                on.RemoveExtension(((Extension)Driver.Objects[(string)given["extension"]]).Name);
                break;
            case "throw_in":
                tellers[name].ThrowIn((string)given["event"]);
                break;
            case "broadcast":
                var except = Of<string>(given, "except", null);
                ((Server)on).Broadcast(Driver.Payload(given), except == null ? null : (Session)Driver.Objects[except]);
                break;
            default:
                var found = ((Server)on).Find(Guid.Parse((string)given["session_id"]));
                return Driver.Map("session", found == null ? null : found["name"]);
        }
        return Nothing;
    }

    // ---- sessions

    private static Session SessionOf(object name)
    {
        var of = Driver.Objects[(string)name];
        return of is Client ? ((Client)of).Session : (Session)of;
    }

    private static Fields OfSession(string what, Fields given)
    {
        var on = SessionOf(given["on"]);
        var key = Of<string>(given, "key", null);
        switch (what)
        {
            case "send":
                if (key == null && !given.ContainsKey("receipt"))
                {
                    on.Send(Driver.Payload(given));
                }
                else
                {
                    on.Send(Driver.Payload(given), key, Of(given, "receipt", 0L));
                }
                break;
            case "ping":
                on.Ping();
                break;
            case "close":
                on.Close((int)Of(given, "code", 4000L), Of(given, "reason", ""));
                break;
            case "put":
                on[key] = given["value"];
                break;
            case "value":
                return Driver.Map("value", on[key]);
            case "pause":
                on.PauseReading();
                break;
            case "resume":
                on.ResumeReading();
                break;
            case "ack":
                return Settled(on.Ack(Convert.ToUInt64(given["message"])));
            default:
                throw new ArgumentException("there is no " + what);
        }
        return Nothing;
    }

    private static object Asked(Fields given)
    {
        var name = Of<string>(given, "name", null);
        object of;
        Driver.Objects.TryGetValue(Of(given, "on", ""), out of);
        switch ((string)given["what"])
        {
            case "nothing":
                return null;
            case "port":
                return ((Server)of).Port;
            case "session_count":
                return ((Server)of).SessionCount;
            case "metrics":
                return ((Server)of).GetMetrics();
            case "stat":
                return ((Server)of).GetStat((ServerStat)Enum.Parse(typeof(ServerStat), name.Replace("_", ""), true));
        }
        var session = SessionOf(given["on"]);
        switch ((string)given["what"])
        {
            case "id":
                return session.Id.ToString();
            case "token":
                return session.Token;
            case "path":
                return session.Path;
            case "remote_address":
                return session.RemoteAddress;
            case "is_open":
                return session.IsOpen;
            case "is_secure":
                return session.IsSecure;
            case "parameter":
                return session.Parameter(name);
            case "header":
                return session.Header(name);
            case "claim":
                return session.Claim(name);
            default:
                return (long)session.GetStat(Stat.QueuedBytes);
        }
    }

    private static Fields Burst(Fields given)
    {
        var sessions = ((List<object>)given["on"]).Select(SessionOf).ToArray();
        var count = (int)(long)given["count"];
        Exception failure = null;
        var threads = Enumerable.Range(0, (int)(long)given["threads"]).Select(each => new Thread(() =>
        {
            try
            {
                for (var number = each * count; number < (each + 1) * count; number++)
                {
                    sessions[number % sessions.Length].Send(given["text"] + " " + number);
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }
        foreach (var thread in threads)
        {
            thread.Join();
        }
        if (failure != null)
        {
            throw failure;
        }
        return Nothing;
    }
}
