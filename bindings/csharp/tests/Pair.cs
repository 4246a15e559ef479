using System;
using System.Threading.Tasks;
using Cryo;

/// <summary>Collects what is told.</summary>
internal sealed class Told
{
    internal readonly Check.Seen<Session> Sessions = new Check.Seen<Session>();
    internal readonly Check.Seen<Message> Messages = new Check.Seen<Message>();
    internal readonly Check.Seen<string> Closed = new Check.Seen<string>();
    internal readonly Check.Seen<string> Errors = new Check.Seen<string>();
    internal readonly Check.Seen<string> Failures = new Check.Seen<string>();
    internal readonly Check.Seen<string> Receipts = new Check.Seen<string>();

    internal Told(Endpoint of)
    {
        of.SessionOpened += Sessions.Put;
        of.MessageReceived += (session, message) => Messages.Put(message);
        of.SessionClosed += (session, code, reason) => Closed.Put(code + " " + reason);
        of.AttemptFailed += (session, failure) => Failures.Put(failure.Status + " " + failure.HttpStatus);
        of.ReceiptArrived += (session, number, receipt) => Receipts.Put(number + " " + receipt);
        of.Error += (error, where) => Errors.Put(where + ": " + error.Message);
    }

    internal string Message()
    {
        return Messages.Next().ToString();
    }
}

/// <summary>A server and a client of it, and what each of them is told.</summary>
internal sealed class Pair : IDisposable
{
    internal Pair(Server server = null)
    {
        Server = server ?? new Server(new ServerOptions { Port = 0 }, token => token == "good");
        Told = new Told(Server);
        Server.Start();
    }

    internal Server Server { get; private set; }

    internal Told Told { get; private set; }

    internal Client Client { get; private set; }

    internal Told ClientTold { get; private set; }

    internal ClientOptions ClientOptions(string token = "good")
    {
        return new ClientOptions { Url = "ws://127.0.0.1:" + Server.Port, ReconnectAttempts = 0, Token = token };
    }

    /// <summary>The server's session, once both sides have theirs.</summary>
    internal Session Connect(ClientOptions options = null, Func<Task<string>> tokenProvider = null)
    {
        Begin(options ?? ClientOptions(), tokenProvider);
        ClientTold.Sessions.Next();
        return Told.Sessions.Next();
    }

    internal void Begin(ClientOptions options, Func<Task<string>> tokenProvider = null)
    {
        Client = new Client(options, tokenProvider);
        ClientTold = new Told(Client);
        Client.Start();
    }

    public void Dispose()
    {
        if (Client != null)
        {
            Client.Dispose();
        }
        Server.Dispose();
    }
}
