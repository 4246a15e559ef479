using System;
using System.Collections.Concurrent;
using Cryo;

/// <summary>Tells the events of a server or a client.</summary>
internal sealed class Teller
{
    private readonly ConcurrentDictionary<string, bool> throwing = new ConcurrentDictionary<string, bool>();
    private readonly string owner;
    private readonly bool isServer;
    private readonly bool echo;
    private int lastSession;

    internal Teller(string owner, Endpoint of, bool echo)
    {
        this.owner = owner;
        this.echo = echo;
        isServer = of is Server;
        of.Listening += (host, port) => Tell("listening", owner, "port", port);
        of.SessionOpened += Opened;
        of.MessageReceived += Received;
        of.SessionClosed += (session, code, reason) => Tell("closed", Name(session), "code", code, "reason", reason);
        of.Disconnected += (session, code, reason) => Tell("disconnected", Name(session), "code", code, "reason", reason);
        of.Reconnected += session => Tell("reconnected", Name(session));
        of.AttemptFailed += (session, failure) => Tell("attempt_failed", owner, "status", Library.StatusName(failure.Status),
            "http_status", failure.HttpStatus, "retry_ms", failure.RetryMs);
        of.MessageLost += (session, message) => Tell("lost", Name(session), Driver.Shown(message));
        of.MessageDropped += (session, reason, message) =>
            Tell("dropped", Name(session), Driver.Shown(message, "reason", reason.ToString().ToLowerInvariant()));
        of.Writable += session => Tell("writable", Name(session));
        of.ReceiptArrived += (session, number, receipt) => Tell("receipt", Name(session), "receipt", number,
            "outcome", Snake(receipt.Outcome.ToString()), "by", receipt.By);
        of.Error += (error, where) => Driver.Tell("failure", owner, "text", where + ": " + error.Message);
    }

    internal void ThrowIn(string name)
    {
        throwing[name] = true;
    }

    internal static string Snake(string name)
    {
        return System.Text.RegularExpressions.Regex.Replace(name, "(?<=.)([A-Z])", "_$1").ToLowerInvariant();
    }

    private string Name(Session session)
    {
        return isServer ? (string)session["name"] : owner;
    }

    private void Opened(Session session)
    {
        if (!isServer)
        {
            Tell("session", owner);
            return;
        }
        var name = owner + "." + ++lastSession;
        session["name"] = name;
        Driver.Objects[name] = session;
        Tell("session", owner, "session", name);
    }

    private void Received(Session session, Message message)
    {
        if (echo)
        {
            session.Send(message);
        }
        var shown = message.Id == 0 ? Driver.Shown(message) : Driver.Shown(message, "message", message.Id);
        Tell("message", Name(session), shown);
    }

    private void Tell(string name, string on, params object[] fields)
    {
        Driver.Tell(name, on, fields);
        if (throwing.ContainsKey(name))
        {
            throw new InvalidOperationException("thrown in " + name);
        }
    }
}
