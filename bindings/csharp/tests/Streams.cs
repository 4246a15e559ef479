using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Cryo;

/// <summary>Events read one after the other. This is C# 7, which has no `await foreach`: it is written out.</summary>
internal static class Streams
{
    internal static void Read()
    {
        using (var pair = new Pair())
        {
            var client = new Client(pair.ClientOptions());
            var kinds = Kinds(client.Events());
            client.Start();
            pair.Told.Sessions.Next().Send("x");
            pair.Server.Close();
            Check.Equal("Session Message Closed", Check.InTime(kinds));
            client.Close();
            Check.Equal("", Check.InTime(Kinds(client.Events())));
        }
    }

    internal static void Leave()
    {
        using (var pair = new Pair())
        {
            var session = pair.Connect();
            var events = pair.Server.Events().GetAsyncEnumerator(CancellationToken.None);
            pair.Client.Send("first");
            do // the session event may not be over yet
            {
                Check.That(Check.InTime(events.MoveNextAsync().AsTask()), "it begins");
            }
            while (events.Current.Kind != EventKind.Message);
            Check.Equal(session, events.Current.Session);
            Check.Equal("first", events.Current.Message.Text);
            events.DisposeAsync().AsTask().Wait();
            SendMore(pair.Client);
            Check.That(!Check.InTime(events.MoveNextAsync().AsTask()), "it is over");
        }
    }

    internal static void Unread()
    {
        using (var pair = new Pair())
        {
            pair.Server.Events();
            pair.Connect();
            SendMore(pair.Client);
            Check.That(pair.Server.CloseAsync().Wait(Check.Patience), "it ends all the same");
        }
    }

    internal static void Cancel()
    {
        using (var pair = new Pair())
        using (var source = new CancellationTokenSource())
        {
            pair.Connect();
            var events = pair.Client.Events().GetAsyncEnumerator(source.Token);
            var next = events.MoveNextAsync().AsTask();
            source.Cancel();
            Check.Throwing<TaskCanceledException>(() => next.GetAwaiter().GetResult());
            events.DisposeAsync().AsTask().Wait();
        }
    }

    /// <summary>More than a stream holds, and all of it has come.</summary>
    private static void SendMore(Client client)
    {
        for (var number = 0; number < 50; number++)
        {
            Check.InTime(Task.WhenAll(Enumerable.Range(0, 100).Select(each => client.SendForReceipt(new Message("x")))));
        }
    }

    private static async Task<string> Kinds(IAsyncEnumerable<Event> events)
    {
        var kinds = new List<string>();
        var each = events.GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (await each.MoveNextAsync())
            {
                kinds.Add(each.Current.Kind.ToString());
            }
        }
        finally
        {
            await each.DisposeAsync();
        }
        return string.Join(" ", kinds);
    }
}
