using System;
using System.Threading.Tasks;

namespace Cryo
{
    /// <summary>
    /// One session from its side: it connects, and when the connection is lost, connects again with the same id. It can be started once. It ends
    /// by <see cref="Endpoint.Close"/>, or when the server has refused it for good; <see cref="Endpoint.SessionClosed"/> tells.
    /// </summary>
    public sealed class Client : Endpoint
    {
        private readonly ClientOptions options;
        private readonly Func<Task<string>> tokenProvider;
        private volatile Session session;

        /// <summary>To a server ("ws://host:port/path", "wss://…", "ws+unix:/path") with a token.</summary>
        public Client(string url, string token)
            : this(new ClientOptions { Url = url, Token = token })
        {
        }

        /// <summary>
        /// With options, and perhaps a token provider in the place of the option Token, which is asked before each attempt to connect. When it
        /// throws, or its task fails, the attempt has failed. Throws CryoException where an option is wrong.
        /// </summary>
        public Client(ClientOptions options, Func<Task<string>> tokenProvider = null)
        {
            this.options = options ?? throw new ArgumentNullException("options");
            this.tokenProvider = tokenProvider;
            MakeOptions(options, tokenProvider != null).Dispose();
        }

        /// <summary>With a token provider that has the token at once.</summary>
        public Client(ClientOptions options, Func<string> tokenProvider)
            : this(options, () => Task.FromResult(tokenProvider()))
        {
        }

        /// <summary>Its session, the same one from the start to the end.</summary>
        public Session Session
        {
            get { return session ?? throw CryoException.Of(Status.State, "the client was not started"); }
        }

        /// <summary>
        /// Begins to connect, and returns at once; events tell the rest. The status of the CryoException may be State (started before), Invalid
        /// (no URL, no token), System, or one of those that begin with Tls.
        /// </summary>
        public Client Start()
        {
            StartUp();
            return this;
        }

        /// <summary>Begins to close for good, connected or not: as <see cref="Cryo.Session.Close"/> of its session.</summary>
        public void Stop(int code = CloseCode.Graceful, string reason = "")
        {
            Session.Close(code, reason);
        }

        /// <summary>Sends a text: see <see cref="Cryo.Session.Send(string)"/>.</summary>
        public void Send(string text)
        {
            Session.Send(text);
        }

        /// <summary>Sends bytes.</summary>
        public void Send(byte[] data)
        {
            Session.Send(data);
        }

        /// <summary>Sends a message, and tells what became of it: see <see cref="Cryo.Session.SendForReceipt"/>.</summary>
        public Task<Receipt> SendForReceipt(Message message)
        {
            return Session.SendForReceipt(message);
        }

        /// <summary>Another token, from the next attempt to connect on. With a token provider: <see cref="StateException"/>.</summary>
        public void SetToken(string token)
        {
            CryoException.Check(Abi.cryo_client_set_token(Running, Text.Of(token)));
        }

        // ---- for the endpoint

        internal static Handle MakeOptions(ClientOptions options, bool withProvider)
        {
            var made = Handle.Make(Abi.cryo_client_options_new, Abi.cryo_client_options_free);
            try
            {
                options.ApplyTo(made);
                if (withProvider)
                {
                    CryoException.Check(Abi.cryo_client_options_set_token_provider(made, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero));
                }
                return made;
            }
            catch (Exception)
            {
                made.Dispose();
                throw;
            }
        }

        internal override Handle Make(Handle events)
        {
            using (var made = MakeOptions(options, tokenProvider != null))
            {
                CryoException.Check(Abi.cryo_client_options_set_events(made, events));
                return Handle.Make((out IntPtr result) => Abi.cryo_client_new(made, out result), Abi.cryo_client_free);
            }
        }

        internal override void Begin(Handle made)
        {
            session = Sessions.Lent(Abi.cryo_client_session(made));
            CryoException.Check(Abi.cryo_client_start(made));
        }

        internal override int WaitFor(Handle made, int timeoutMs)
        {
            return Abi.cryo_client_wait(made, timeoutMs);
        }

        internal override void StopRunning(Handle made)
        {
            Abi.cryo_client_close(made, CloseCode.Graceful, null);
        }

        internal override int AddTo(Handle made, Handle extension)
        {
            return Abi.cryo_client_add_extension(made, extension);
        }

        internal override int RemoveFrom(Handle made, byte[] name)
        {
            return Abi.cryo_client_remove_extension(made, name);
        }

        internal override int FindIn(Handle made, byte[] name, out IntPtr result)
        {
            return Abi.cryo_client_find_extension(made, name, out result);
        }

        internal override Task Validate(Auth auth)
        {
            auth.Reject(); // nobody asks a client
            return null;
        }

        internal override Task<string> Provide(Session session)
        {
            return tokenProvider();
        }
    }
}
