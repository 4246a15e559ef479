using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Cryo
{
    /// <summary>
    /// Accepts WebSocket connections, asks the validator about the token of each, and tells of the sessions. It can be started once; dispose of
    /// it, or <see cref="Run"/> it. A validator that throws rejects, and so does a task that fails. Only true lets in.
    /// </summary>
    public sealed class Server : Endpoint
    {
        private readonly ServerOptions options;
        private readonly Func<Auth, Task> validator;
        private readonly Dictionary<IntPtr, Func<Task<string>>> providers = new Dictionary<IntPtr, Func<Task<string>>>();

        /// <summary>With a validator that looks at the token. Throws CryoException where an option is wrong.</summary>
        public Server(ServerOptions options, Func<string, bool> validator)
            : this(options, auth =>
            {
                Settle(auth, validator(auth.Token));
                return null;
            }, 0)
        {
        }

        /// <summary>With one that takes its time, at most the option ValidationTimeoutMs.</summary>
        public Server(ServerOptions options, Func<string, Task<bool>> validator)
            : this(options, async auth => Settle(auth, await validator(auth.Token).ConfigureAwait(false)), 0)
        {
        }

        /// <summary>With one that gets the ticket, and answers it at once or later.</summary>
        public Server(ServerOptions options, Func<Auth, Task> validator)
            : this(options, validator, 0)
        {
        }

        /// <summary>The same; what it throws before it returns rejects.</summary>
        public Server(ServerOptions options, Action<Auth> validator)
            : this(options, auth =>
            {
                validator(auth);
                return null;
            }, 0)
        {
        }

        private Server(ServerOptions options, Func<Auth, Task> validator, int unused)
        {
            this.options = options ?? throw new ArgumentNullException("options");
            this.validator = validator ?? throw new ArgumentNullException("validator");
            if (options.Threads == 0)
            {
                throw new ArgumentOutOfRangeException("options", "Threads must be at least 1: events come on a thread of this package");
            }
            MakeOptions(options).Dispose();
        }

        /// <summary>The port that it listens on; 0 before the start, and for a Unix-domain socket.</summary>
        public int Port { get; private set; }

        /// <summary>What carries its connections.</summary>
        public Transport Transport
        {
            get { return (Transport)Abi.cryo_server_transport(Running); }
        }

        /// <summary>
        /// Binds and listens: when it returns, clients can connect. The status of the CryoException may be Address, AddressInUse, Permission,
        /// System, Unsupported, one of those that begin with Tls, or State: it was started before. After a failure it can be tried again.
        /// </summary>
        public Server Start()
        {
            StartUp();
            return this;
        }

        /// <summary>
        /// Starts it and waits until it has stopped: by <see cref="Stop"/>, SIGINT, or SIGTERM; then it returns. Mono hears these two where
        /// Mono.Posix is installed, and else Ctrl-C at a terminal only.
        /// </summary>
        public void Run()
        {
            using (new StopSignals(Stop))
            {
                Start();
                Wait();
            }
        }

        /// <summary>Begins to stop and returns at once: no new clients; sessions close with 4000, after what was sent before.</summary>
        public void Stop()
        {
            BeginClose();
        }

        /// <summary>
        /// Stops gently: nobody is let in any more, and sessions close evenly spread until the deadline, some every
        /// <paramref name="batchMs"/> (0: none before the deadline). <paramref name="retryMs"/>, 3600000 at most: when clients may come
        /// back; 0 says nothing of it.
        /// </summary>
        public void Drain(
            uint deadlineMs, uint batchMs = 0, int code = CloseCode.Graceful, string reason = "Server shutdown.", uint retryMs = 0)
        {
            CryoException.Check(Abi.cryo_server_drain_with(Running, deadlineMs, batchMs, code, Text.Of(reason), retryMs));
        }

        // ---- TLS

        /// <summary>Exchanges what the server shows by TLS: new connections get what the options have of it. When it throws, nothing has
        /// changed.</summary>
        public void SetTls(ServerOptions tls)
        {
            using (var made = MakeOptions(tls))
            {
                CryoException.Check(Abi.cryo_server_set_tls(Running, made));
            }
        }

        /// <summary>The same with what it has, all files read again, as after a renewal.</summary>
        public void ReloadTls()
        {
            CryoException.Check(Abi.cryo_server_set_tls(Running, Handle.None));
        }

        /// <summary>Other keys for session tickets, 80 bytes each; null: keys of its own.</summary>
        public void SetTlsTicketKeys(byte[] keys)
        {
            CryoException.Check(Abi.cryo_server_set_tls_ticket_keys(Running, keys, Options.Size(keys)));
        }

        // ---- sessions

        /// <summary>How many sessions are live.</summary>
        public int SessionCount
        {
            get { return (int)Abi.cryo_server_session_count(Running); }
        }

        /// <summary>The live sessions.</summary>
        public IReadOnlyList<Session> GetSessions()
        {
            var made = Running;
            UIntPtr count;
            IntPtr[] handles;
            var wanted = SessionCount;
            do
            {
                handles = new IntPtr[wanted + 16];
                CryoException.Check(Abi.cryo_server_sessions(made, handles, (UIntPtr)handles.Length, out count));
                wanted = (int)count;
                for (var at = 0; wanted > handles.Length && at < handles.Length; at++)
                {
                    Abi.cryo_session_release(handles[at]); // more have come: once more
                }
            }
            while (wanted > handles.Length);
            var found = new Session[wanted];
            for (var at = 0; at < wanted; at++)
            {
                found[at] = Sessions.Given(handles[at]);
            }
            return found;
        }

        /// <summary>The live session with this id; null: none.</summary>
        public Session Find(Guid id)
        {
            IntPtr found;
            var status = Abi.cryo_server_find_session(Running, Text.BytesOf(id), out found);
            if (status == (int)Status.NotFound)
            {
                return null;
            }
            CryoException.Check(status);
            return Sessions.Given(found);
        }

        /// <summary>Sends a text to every live session but one (null: to all); how many that were.</summary>
        public int Broadcast(string text, Session except = null)
        {
            return Broadcast(new Message(text), except);
        }

        /// <summary>The same for bytes.</summary>
        public int Broadcast(byte[] data, Session except = null)
        {
            return Broadcast(new Message(data), except);
        }

        /// <summary>The same for a message. For sessions that refuse it, <see cref="Endpoint.MessageDropped"/> tells.</summary>
        public int Broadcast(Message message, Session except = null)
        {
            UIntPtr count;
            CryoException.Check(Abi.cryo_server_broadcast(Running, (int)message.Kind, message.Data, message.Size,
                except == null ? IntPtr.Zero : except.Raw, out count));
            return (int)count;
        }

        /// <summary>
        /// Opens a session from this server to another one: a peer, which comes back after a loss. This server's events tell of it. With a
        /// token provider it is asked before each attempt to connect (null: the options have a token).
        /// </summary>
        public Session ConnectPeer(ClientOptions options, Func<Task<string>> tokenProvider = null)
        {
            IntPtr made;
            using (var its = Client.MakeOptions(options, tokenProvider != null))
            {
                lock (providers) // its first question may come before this call returns
                {
                    CryoException.Check(Abi.cryo_server_connect_peer(Running, its, out made));
                    if (tokenProvider != null)
                    {
                        providers[made] = tokenProvider;
                    }
                }
            }
            return Sessions.Given(made);
        }

        // ---- figures

        /// <summary>What the server counts. <paramref name="of"/>: a status of HTTP, or a DropReason or Outcome; 0: all kinds.</summary>
        public double GetStat(ServerStat stat, int of = 0)
        {
            double value;
            CryoException.Check(Abi.cryo_server_stat(Running, (int)stat, of, out value));
            return value;
        }

        /// <summary>All of it in the text format of Prometheus, version 0.0.4.</summary>
        public string GetMetrics()
        {
            var made = Running;
            return Text.Read((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_server_metrics(made, b, c, out n));
        }

        // ---- for the endpoint

        internal override Handle Make(Handle events)
        {
            using (var made = MakeOptions(options))
            {
                CryoException.Check(Abi.cryo_server_options_set_events(made, events));
                return Handle.Make((out IntPtr result) => Abi.cryo_server_new(made, out result), Abi.cryo_server_free);
            }
        }

        internal override void Begin(Handle made)
        {
            CryoException.Check(Abi.cryo_server_start(made));
            Port = Abi.cryo_server_port(made);
        }

        internal override int WaitFor(Handle made, int timeoutMs)
        {
            return Abi.cryo_server_wait(made, timeoutMs);
        }

        internal override void StopRunning(Handle made)
        {
            Abi.cryo_server_stop(made);
        }

        internal override int AddTo(Handle made, Handle extension)
        {
            return Abi.cryo_server_add_extension(made, extension);
        }

        internal override int RemoveFrom(Handle made, byte[] name)
        {
            return Abi.cryo_server_remove_extension(made, name);
        }

        internal override int FindIn(Handle made, byte[] name, out IntPtr result)
        {
            return Abi.cryo_server_find_extension(made, name, out result);
        }

        internal override Task Validate(Auth auth)
        {
            return validator(auth);
        }

        internal override Task<string> Provide(Session session)
        {
            Func<Task<string>> provider;
            lock (providers)
            {
                providers.TryGetValue(session.Raw, out provider);
            }
            if (provider == null)
            {
                throw new InvalidOperationException("there is no token provider");
            }
            return provider();
        }

        internal override void Forget(Session session)
        {
            lock (providers)
            {
                providers.Remove(session.Raw);
            }
        }

        private static void Settle(Auth auth, bool good)
        {
            if (good)
            {
                auth.Accept();
            }
            else
            {
                auth.Reject();
            }
        }

        private static Handle MakeOptions(ServerOptions options)
        {
            var made = Handle.Make(Abi.cryo_server_options_new, Abi.cryo_server_options_free);
            try
            {
                options.ApplyTo(made);
                return made;
            }
            catch (Exception)
            {
                made.Dispose();
                throw;
            }
        }
    }
}
