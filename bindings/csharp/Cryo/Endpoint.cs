using System;
using System.Threading;
using System.Threading.Tasks;

namespace Cryo
{
    /// <summary>
    /// What servers and clients have in common: their events, and a thread of its own that raises them, one at a time and in order; what takes
    /// long belongs elsewhere. It runs from its start until it has closed, also when you keep no reference to it; what still runs when the
    /// program ends is closed then. What a handler throws goes to <see cref="Error"/> and ends nothing; but a
    /// <see cref="ClosedException"/> is not told: the peer has left meanwhile.
    /// </summary>
    public abstract partial class Endpoint : IDisposable
    {
        private const int SliceMs = 200;
        private const int ExitSliceMs = 50;
        private const int StuckMs = 1000;
        private const uint MostEvents = 256;

        private readonly object gate = new object();
        private readonly TaskCompletionSource<bool> ended =
            new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile Handle handle;
        private volatile Handle queue;
        private volatile Thread thread;
        private volatile bool started;
        private volatile bool ending;
        private long handling; // the number of the event that is with the handlers; 0: none
        private int swept;
        private uint capacityEvents;
        private ulong capacityBytes;

        internal Endpoint()
        {
            LibraryFinder.Load();
            Sessions = new SessionTable();
        }

        /// <summary>Done when it has closed and the last handler has returned.</summary>
        public Task Completion
        {
            get { return ended.Task; }
        }

        internal SessionTable Sessions { get; private set; }

        /// <summary>For what needs it to run.</summary>
        internal Handle Running
        {
            get
            {
                var made = handle;
                if (made == null)
                {
                    throw started
                        ? CryoException.Of(Status.Closed, "it has closed")
                        : CryoException.Of(Status.State, "it was not started");
                }
                return made;
            }
        }

        /// <summary>
        /// How many events, and how many bytes of messages, may wait for the handlers; beyond, sessions are not read from. By default 16384
        /// and 64 MiB; both at least 1. Before the start.
        /// </summary>
        public void SetQueueCapacity(uint events, ulong bytes)
        {
            if (events == 0 || bytes == 0)
            {
                throw new ArgumentOutOfRangeException("events", "both must be at least 1");
            }
            capacityEvents = events;
            capacityBytes = bytes;
        }

        /// <summary>
        /// Waits until it has closed and the last handler has returned; null: for ever. False: it has not closed in time. Not in a handler:
        /// <see cref="StateException"/>.
        /// </summary>
        public bool Wait(TimeSpan? timeout = null)
        {
            if (Thread.CurrentThread == thread)
            {
                throw CryoException.Of(Status.State, "a handler cannot wait for the end of what has called it");
            }
            if (!started)
            {
                throw CryoException.Of(Status.State, "it was not started");
            }
            return Completion.Wait(timeout ?? Timeout.InfiniteTimeSpan);
        }

        /// <summary>
        /// Closes and waits for it: no handler runs any more when it returns. In a handler it only begins to. What was not started, or has
        /// closed, stays as it is.
        /// </summary>
        public void Close()
        {
            if (!started)
            {
                return;
            }
            BeginClose();
            if (Thread.CurrentThread == thread)
            {
                return;
            }
            var made = handle;
            while (made != null && !Completion.IsCompleted && Ask(() => WaitFor(made, SliceMs)) == (int)Status.Timeout)
            {
                continue;
            }
            Wake(); // so that its thread need not wait for its slice to be over
            thread.Join();
        }

        /// <summary>Begins to close; the task is <see cref="Completion"/>.</summary>
        public Task CloseAsync()
        {
            if (!started)
            {
                return Task.FromResult(false);
            }
            BeginClose();
            return Completion;
        }

        /// <summary>As <see cref="Close"/>.</summary>
        public void Dispose()
        {
            Close();
        }

        // ---- for the kinds of endpoint

        internal abstract Handle Make(Handle events);

        internal abstract void Begin(Handle made);

        internal abstract int WaitFor(Handle made, int timeoutMs);

        internal abstract int AddTo(Handle made, Handle extension);

        internal abstract int RemoveFrom(Handle made, byte[] name);

        internal abstract int FindIn(Handle made, byte[] name, out IntPtr result);

        internal abstract void StopRunning(Handle made);

        internal abstract Task Validate(Auth auth);

        internal abstract Task<string> Provide(Session session);

        /// <summary>The session had its last event.</summary>
        internal virtual void Forget(Session session)
        {
        }

        internal void BeginClose()
        {
            ending = true;
            var made = handle;
            if (made != null)
            {
                Ask(() =>
                {
                    StopRunning(made);
                    return 0;
                });
            }
        }

        internal void StartUp()
        {
            lock (gate)
            {
                if (started)
                {
                    throw CryoException.Of(Status.State, "it was started before");
                }
                var newQueue = Handle.Make(Abi.cryo_queue_new, Abi.cryo_queue_free);
                Handle made = null;
                try
                {
                    if (capacityEvents > 0)
                    {
                        CryoException.Check(Abi.cryo_queue_set_capacity(newQueue, capacityEvents, capacityBytes));
                    }
                    made = MakeWithEvents(newQueue);
                    foreach (var extension in added)
                    {
                        AddTo(made, newQueue, extension);
                    }
                    Begin(made);
                }
                catch (Exception)
                {
                    if (made != null)
                    {
                        made.Dispose();
                    }
                    newQueue.Dispose();
                    Sessions.Clear();
                    throw;
                }
                queue = newQueue;
                handle = made;
                started = true;
                thread = new Thread(Pull) { IsBackground = true, Name = "cryo-events" };
                Exit.Add(this);
                thread.Start();
            }
        }

        /// <summary>
        /// The program ends: waits for a while until it has closed. A handler may be who ends the program, and never return: .NET raises
        /// ProcessExit on another thread meanwhile. So one that does not return for a second is not waited for.
        /// </summary>
        internal void JoinAtExit(int patienceMs)
        {
            Wake();
            if (Thread.CurrentThread == thread)
            {
                return;
            }
            var before = -1L;
            var since = 0;
            for (var waited = 0; waited < patienceMs && !thread.Join(ExitSliceMs); waited += ExitSliceMs)
            {
                var now = Volatile.Read(ref handling);
                since = now == before ? since + ExitSliceMs : 0;
                before = now;
                if (now != 0 && since >= StuckMs)
                {
                    return;
                }
            }
        }

        private static Handle MakeEvents(Handle newQueue)
        {
            var events = Handle.Make(
                (out IntPtr result) => Abi.cryo_events_new(IntPtr.Zero, IntPtr.Zero, out result), Abi.cryo_events_free);
            CryoException.Check(Abi.cryo_events_use_queue(events, newQueue));
            return events;
        }

        private Handle MakeWithEvents(Handle newQueue)
        {
            using (var events = MakeEvents(newQueue))
            {
                return Make(events);
            }
        }

        private void Wake()
        {
            Ask(() => Abi.cryo_queue_wake(queue));
        }

        /// <summary>What the library answers; another thread may have freed what it is asked about.</summary>
        private static int Ask(Func<int> call)
        {
            try
            {
                return call();
            }
            catch (ObjectDisposedException)
            {
                return (int)Status.Handle;
            }
        }

        // ---- the thread

        private void SweepWhenBusy()
        {
            if (unchecked((uint)(Environment.TickCount - swept)) >= SliceMs)
            {
                swept = Environment.TickCount;
                Kept.Sweep();
            }
        }

        private void Pull()
        {
            var batch = IntPtr.Zero;
            var reader = new BatchReader();
            var over = false;
            var number = 0L;
            while (true)
            {
                UIntPtr length;
                var status = Abi.cryo_queue_next_many(queue, over ? 0 : SliceMs, MostEvents, ref batch, out length);
                if (status == (int)Status.Ok)
                {
                    reader.Begin(batch);
                    while (reader.Next())
                    {
                        Volatile.Write(ref handling, ++number);
                        Dispatch(reader);
                    }
                    Volatile.Write(ref handling, 0);
                    SweepWhenBusy();
                }
                else if (over && status == (int)Status.Timeout)
                {
                    break;
                }
                else
                {
                    Kept.Sweep();
                    over = over || WaitFor(handle, 0) != (int)Status.Timeout; // then all of its events are in the queue
                }
            }
            var made = handle;
            handle = null;
            made.Dispose();
            queue.Dispose();
            Sessions.Clear();
            Kept.Sweep();
            EndStreams();
            Exit.Remove(this);
            ended.TrySetResult(true);
        }
    }
}
