using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace Cryo
{
    /// <summary>The sessions of one server or client: one object for each, from its first event to its last.</summary>
    internal sealed class SessionTable
    {
        private readonly ConcurrentDictionary<IntPtr, Session> sessions = new ConcurrentDictionary<IntPtr, Session>();

        /// <summary>The object for a handle that the library lends.</summary>
        internal Session Lent(IntPtr handle)
        {
            Session session;
            if (sessions.TryGetValue(handle, out session))
            {
                return session;
            }
            lock (sessions)
            {
                if (!sessions.TryGetValue(handle, out session))
                {
                    sessions[handle] = session = new Session(Abi.cryo_session_retain(handle));
                }
                return session;
            }
        }

        /// <summary>The object for a handle that was retained for us.</summary>
        internal Session Given(IntPtr handle)
        {
            var session = Lent(handle);
            Abi.cryo_session_release(handle);
            return session;
        }

        /// <summary>Its last event has been told.</summary>
        internal void End(Session session)
        {
            Session removed;
            if (sessions.TryRemove(session.Raw, out removed))
            {
                removed.End();
            }
        }

        /// <summary>There will be no more events.</summary>
        internal void Clear()
        {
            foreach (var session in sessions.Values)
            {
                End(session);
            }
        }
    }

    /// <summary>The receipts that a session owes to tasks. Their numbers are negative; the application's own are positive.</summary>
    internal sealed class Receipts
    {
        private static long last;

        private readonly ConcurrentDictionary<long, TaskCompletionSource<Receipt>> sources =
            new ConcurrentDictionary<long, TaskCompletionSource<Receipt>>(1, 3);

        internal long Add(TaskCompletionSource<Receipt> source)
        {
            var number = Interlocked.Decrement(ref last);
            sources[number] = source;
            return number;
        }

        internal TaskCompletionSource<Receipt> Take(long number)
        {
            TaskCompletionSource<Receipt> source;
            return sources.TryRemove(number, out source) ? source : null;
        }

        /// <summary>The library tells each receipt before the closed event; this is for one whose events were given up.</summary>
        internal void Close()
        {
            foreach (var number in sources.Keys)
            {
                var source = Take(number);
                if (source != null)
                {
                    source.TrySetResult(new Receipt(Outcome.Closed, -1, ""));
                }
            }
        }
    }
}
