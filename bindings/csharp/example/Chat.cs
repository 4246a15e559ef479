using System;
using System.Threading.Tasks;
using Cryo;

/// <summary>
/// A chat room: what one client says, the others hear.
///
///     mcs -r:Cryo.dll Chat.cs && mono Chat.exe TOKEN [PORT]
///
/// Clients connect to ws://127.0.0.1:8080/?authorization=Bearer%20TOKEN&amp;x-cryo-sid=UUID&amp;name=Alice
/// </summary>
public static class Chat
{
    public static int Main(string[] arguments)
    {
        if (arguments.Length < 1)
        {
            Console.Error.WriteLine("usage: Chat TOKEN [PORT]");
            return 2;
        }
        var options = new ServerOptions
        {
            Port = arguments.Length > 1 ? ushort.Parse(arguments[1]) : (ushort)8080,
            KeepaliveMs = 15000,
        };
        using (var server = new Server(options, token => MayComeIn(token, arguments[0])))
        {
            server.Listening += (host, port) => Console.WriteLine("listening on " + host + ":" + port);
            server.SessionOpened += session =>
            {
                session["name"] = session.Parameter("name") ?? "somebody";
                session.Send("Welcome, " + session["name"] + "!");
                server.Broadcast(session["name"] + " came", session);
            };
            server.MessageReceived += (session, message) =>
            {
                var heard = message.IsText ? new Message(session["name"] + ": " + message.Text) : message;
                server.Broadcast(heard, session);
            };
            server.SessionClosed += (session, code, reason) =>
            {
                Console.WriteLine(session["name"] + " left: " + code + " " + reason);
                if (reason != "Server shutdown.")
                {
                    server.Broadcast(session["name"] + " left", session);
                }
            };
            server.StatMeasured += (session, stat, value) =>
            {
                if (stat == Stat.Rtt)
                {
                    Console.WriteLine(session["name"] + ": " + value.ToString("0.00") + " ms");
                }
            };
            server.Run();
        }
        return 0;
    }

    /// <summary>May as well ask a database. All of the token is looked at, so that nobody learns by the time it takes.</summary>
    private static async Task<bool> MayComeIn(string given, string wanted)
    {
        await Task.Yield();
        var differs = given.Length ^ wanted.Length;
        for (var at = 0; at < given.Length; at++)
        {
            differs |= given[at] ^ wanted[at % wanted.Length];
        }
        return differs == 0;
    }
}
