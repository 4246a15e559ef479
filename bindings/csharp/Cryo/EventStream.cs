#if !NETSTANDARD2_0
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Cryo
{
    /// <summary>
    /// The events of a server or client, for `await foreach`. Up to 4096 of them wait here; then the thread of the events waits, and with it
    /// what the peers send.
    /// </summary>
    internal sealed class EventStream : IAsyncEnumerable<Event>, IAsyncEnumerator<Event>
    {
        private const int Most = 4096;
        private const int SliceMs = 200;

        private readonly Queue<Event> waiting = new Queue<Event>();
        private TaskCompletionSource<bool> reader;
        private CancellationTokenRegistration cancellation;
        private bool over;
        private volatile bool open = true;

        public Event Current { get; private set; }

        /// <summary>Whether anybody reads, or may begin to.</summary>
        internal bool IsOpen
        {
            get { return open; }
        }

        public IAsyncEnumerator<Event> GetAsyncEnumerator(CancellationToken cancellationToken = default(CancellationToken))
        {
            cancellation = cancellationToken.Register(() => Cancel(cancellationToken));
            return this;
        }

        public ValueTask<bool> MoveNextAsync()
        {
            lock (waiting)
            {
                if (waiting.Count > 0)
                {
                    Current = waiting.Dequeue();
                    Monitor.PulseAll(waiting);
                    return new ValueTask<bool>(true);
                }
                if (over)
                {
                    return new ValueTask<bool>(false);
                }
                reader = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask<bool>(reader.Task);
            }
        }

        public ValueTask DisposeAsync()
        {
            cancellation.Dispose();
            open = false;
            lock (waiting)
            {
                waiting.Clear();
                over = true;
                Monitor.PulseAll(waiting);
            }
            return default(ValueTask);
        }

        /// <summary>Waits while too many wait, unless the end has begun.</summary>
        internal void Put(Event each, System.Func<bool> ends)
        {
            TaskCompletionSource<bool> woken;
            lock (waiting)
            {
                while (waiting.Count >= Most && open && !ends())
                {
                    Monitor.Wait(waiting, SliceMs);
                }
                if (over)
                {
                    return;
                }
                woken = reader;
                reader = null;
                if (woken == null)
                {
                    waiting.Enqueue(each);
                    return;
                }
                Current = each;
            }
            woken.TrySetResult(true);
        }

        internal void End()
        {
            TaskCompletionSource<bool> woken;
            lock (waiting)
            {
                over = true;
                woken = reader;
                reader = null;
            }
            if (woken != null)
            {
                woken.TrySetResult(false);
            }
        }

        private void Cancel(CancellationToken token)
        {
            TaskCompletionSource<bool> woken;
            lock (waiting)
            {
                over = true;
                waiting.Clear();
                woken = reader;
                reader = null;
            }
            open = false;
            if (woken != null)
            {
                woken.TrySetCanceled(token);
            }
        }
    }
}
#endif
