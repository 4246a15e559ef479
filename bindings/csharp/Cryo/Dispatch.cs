using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Cryo
{
    public abstract partial class Endpoint
    {
        private readonly object streamsGate = new object();
#if !NETSTANDARD2_0
        private EventStream[] streams = new EventStream[0];
#endif

        /// <summary>The server listens: the host and port are what it really bound.</summary>
        public event Action<string, int> Listening;

        /// <summary>A client was let in; of a client: it is connected for the first time. The first event of its session.</summary>
        public event Action<Session> SessionOpened;

        /// <summary>A message has come.</summary>
        public event Action<Session, Message> MessageReceived;

        /// <summary>The session is over, with a code and a reason: its last event.</summary>
        public event Action<Session, int, string> SessionClosed;

        /// <summary>A statistic, at each tick of the keep-alive.</summary>
        public event Action<Session, Stat, double> StatMeasured;

        /// <summary>The connection is lost, with a code and a reason; the client tries again, or may come back.</summary>
        public event Action<Session, int, string> Disconnected;

        /// <summary>It is connected again.</summary>
        public event Action<Session> Reconnected;

        /// <summary>Clients and peers: an attempt to connect has failed.</summary>
        public event Action<Session, AttemptFailure> AttemptFailed;

        /// <summary>Clients and peers: the message was sent and not acknowledged when the connection was lost.</summary>
        public event Action<Session, Message> MessageLost;

        /// <summary>A message that was accepted is dropped.</summary>
        public event Action<Session, DropReason, Message> MessageDropped;

        /// <summary>The queue was full, and flows again.</summary>
        public event Action<Session> Writable;

        /// <summary>What became of a message that was sent with a number of your own.</summary>
        public event Action<Session, long, Receipt> ReceiptArrived;

        /// <summary>A handler of yours has thrown; the text names it. Without a handler for this it goes to standard error.</summary>
        public event Action<Exception, string> Error;

#if !NETSTANDARD2_0
        /// <summary>
        /// The events one after the other, for `await foreach`, from this call on: call it before the start to get all. Handlers are called as
        /// well. Who calls it reads: where 4096 events wait, what the peers send waits, too. It ends when this has closed, and when
        /// the loop is left.
        /// </summary>
        public IAsyncEnumerable<Event> Events()
        {
            var stream = new EventStream();
            lock (streamsGate)
            {
                if (Completion.IsCompleted)
                {
                    stream.End();
                }
                var more = new List<EventStream>(streams) { stream };
                more.RemoveAll(each => !each.IsOpen);
                streams = more.ToArray();
            }
            return stream;
        }
#endif

        internal void Report(Exception error, string where)
        {
            var told = Error;
            if (told == null)
            {
                Console.Error.WriteLine("cryo: exception in " + where + ": " + error);
                return;
            }
            try
            {
                told(error, where);
            }
            catch (Exception worse)
            {
                Console.Error.WriteLine("cryo: exception in Error: " + worse);
            }
        }

        private void Dispatch(BatchReader reader)
        {
            var session = reader.Session == IntPtr.Zero ? null : Sessions.Lent(reader.Session);
            switch ((EventKind)reader.Kind)
            {
                case EventKind.Auth:
                    Ask(new Auth(reader.Ticket, Text.Decode(reader.Data)));
                    return;
                case EventKind.Token:
                    Ask(new TokenRequest(reader.Ticket), session);
                    return;
                case EventKind.Hook:
                    Ask(new Hook(reader.Ticket, session, (Direction)reader.Code, reader.Message), reader.Text);
                    return;
                case EventKind.Receipt:
                    if (reader.Receipt < 0)
                    {
                        var source = session.Receipts.Take(reader.Receipt);
                        if (source != null)
                        {
                            source.TrySetResult(new Receipt((Outcome)reader.Code, reader.Value, reader.Text));
                        }
                        return;
                    }
                    break;
            }
            var each = Event.Read(reader, session);
            try
            {
                Tell(each);
            }
            catch (ClosedException)
            {
                // The peer has left while its event waited: the closed event tells.
            }
            catch (Exception error)
            {
                Report(error, "a handler of " + each.Kind);
            }
            TellStreams(each);
            if (each.Kind == EventKind.Closed)
            {
                Forget(session);
                Sessions.End(session);
            }
        }

        private void Tell(Event each)
        {
            switch (each.Kind)
            {
                case EventKind.Listening:
                    Listening?.Invoke(each.Text, each.Code);
                    break;
                case EventKind.Session:
                    SessionOpened?.Invoke(each.Session);
                    break;
                case EventKind.Message:
                    MessageReceived?.Invoke(each.Session, each.Message);
                    break;
                case EventKind.Closed:
                    SessionClosed?.Invoke(each.Session, each.Code, each.Text);
                    break;
                case EventKind.Stat:
                    StatMeasured?.Invoke(each.Session, each.Stat, each.Value);
                    break;
                case EventKind.Disconnected:
                    Disconnected?.Invoke(each.Session, each.Code, each.Text);
                    break;
                case EventKind.Reconnected:
                    Reconnected?.Invoke(each.Session);
                    break;
                case EventKind.AttemptFailed:
                    AttemptFailed?.Invoke(each.Session, each.Failure);
                    break;
                case EventKind.Lost:
                    MessageLost?.Invoke(each.Session, each.Message);
                    break;
                case EventKind.Dropped:
                    MessageDropped?.Invoke(each.Session, each.DropReason, each.Message);
                    break;
                case EventKind.Writable:
                    Writable?.Invoke(each.Session);
                    break;
                case EventKind.Receipt:
                    ReceiptArrived?.Invoke(each.Session, each.ReceiptNumber, each.Receipt);
                    break;
            }
        }

        private void TellStreams(Event each)
        {
#if !NETSTANDARD2_0
            foreach (var stream in streams)
            {
                stream.Put(each, () => ending);
            }
#endif
        }

        private void EndStreams()
        {
#if !NETSTANDARD2_0
            lock (streamsGate)
            {
                foreach (var stream in streams)
                {
                    stream.End();
                }
                streams = new EventStream[0];
            }
#endif
        }

        // ---- questions

        private void Ask(Auth auth)
        {
            Ask(() => Validate(auth), "the validator", error => auth.Reject());
        }

        private void Ask(TokenRequest request, Session session)
        {
            Ask(() => Give(request, session), "the token provider", error => request.Fail(Words(error)));
        }

        private async Task Give(TokenRequest request, Session session)
        {
            request.Give(await Provide(session).ConfigureAwait(false));
        }

        private void Ask(Hook hook, string name)
        {
            Extension extension;
            if (!extensions.TryGetValue(name, out extension))
            {
                hook.Fail("there is no extension of that name");
                return;
            }
            Ask(() => extension.Decide(hook), "a function of the extension " + name, error => hook.Fail(Words(error)));
        }

        /// <summary>Calls a function that answers a ticket; where it fails, also later, the ticket is answered with that.</summary>
        private async void Ask(Func<Task> function, string what, Action<Exception> failed)
        {
            try
            {
                var later = function();
                if (later != null)
                {
                    await later.ConfigureAwait(false);
                }
            }
            catch (Exception error)
            {
                failed(error);
                Report(error, what);
            }
        }

        private static string Words(Exception error)
        {
            return error.GetType().Name + ": " + error.Message;
        }
    }
}
