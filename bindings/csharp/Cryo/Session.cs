using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Cryo
{
    /// <summary>
    /// One client that was let in, or a client's own end. Usable from any thread. The same session is always the same object. After its
    /// closed event the library has let go of it: it knows its id still, and what it was asked before; other members throw
    /// <see cref="ClosedException"/>.
    /// </summary>
    public sealed class Session
    {
        /// <summary>Where the library keeps what the validator has given.</summary>
        internal const string UserKey = "cryo.user";

        private readonly ConcurrentDictionary<string, object> values = new ConcurrentDictionary<string, object>();
        private volatile bool over;
        private string token;
        private string remoteAddress;
        private string path;

        /// <summary>Takes a handle that the caller has retained.</summary>
        internal Session(IntPtr handle)
        {
            Raw = handle;
            var bytes = new byte[16];
            Abi.cryo_session_id(handle, bytes);
            Id = Text.IdOf(bytes);
            Receipts = new Receipts();
        }

        /// <summary>The id that the client chose.</summary>
        public Guid Id { get; private set; }

        internal IntPtr Raw { get; private set; }

        internal Receipts Receipts { get; private set; }

        private IntPtr Live
        {
            get
            {
                if (over)
                {
                    throw CryoException.Of(Status.Closed, "the session has closed");
                }
                return Raw;
            }
        }

        // ---- sending

        /// <summary>
        /// Sends a text. Returns at once; messages leave in the order of the calls. Throws <see cref="FullException"/> (the peer is slower
        /// than you send), <see cref="StateException"/> (a client that is not connected at the moment), <see cref="ClosedException"/>.
        /// </summary>
        public void Send(string text)
        {
            Send(new Message(text));
        }

        /// <summary>Sends bytes, likewise.</summary>
        public void Send(byte[] data)
        {
            Send(new Message(data));
        }

        /// <summary>Sends a message, as one that has come.</summary>
        public void Send(Message message)
        {
            CryoException.Check(Abi.cryo_session_send(Live, (int)message.Kind, message.Data, message.Size));
        }

        /// <summary>
        /// Sends with a key of 1 to 255 bytes (null: none), for <see cref="DropPolicy.DedupeLatest"/>: it takes the place of a queued message
        /// with the same key. <paramref name="receipt"/> is a positive number of yours, which comes back in
        /// <see cref="Endpoint.ReceiptArrived"/>; 0: none.
        /// </summary>
        public void Send(Message message, string key, long receipt = 0)
        {
            if (receipt < 0)
            {
                throw new ArgumentOutOfRangeException("receipt", "must be 0 or positive");
            }
            SendWith(message, key, receipt);
        }

        /// <summary>
        /// Sends, and tells what became of the message: always, whatever happens. The task fails only where the message is not taken.
        /// </summary>
        public Task<Receipt> SendForReceipt(Message message, string key = null)
        {
            var source = new TaskCompletionSource<Receipt>(TaskCreationOptions.RunContinuationsAsynchronously);
            var number = Receipts.Add(source);
            try
            {
                SendWith(message, key, number);
            }
            catch (Exception error)
            {
                Receipts.Take(number);
                source.SetException(error);
            }
            return source.Task;
        }

        private void SendWith(Message message, string key, long number)
        {
            CryoException.Check(Abi.cryo_session_send_with(
                Live, (int)message.Kind, message.Data, message.Size, Text.Of(key), unchecked((ulong)number)));
        }

        /// <summary>With the server's option ManualAck: you are done with the message. False: its connection was lost since, and it comes
        /// again.</summary>
        public bool Ack(Message message)
        {
            return Ack(message.Id);
        }

        /// <summary>The same by <see cref="Message.Id"/>.</summary>
        public bool Ack(ulong messageId)
        {
            var status = Abi.cryo_message_ack(Live, messageId);
            if (status == (int)Status.State)
            {
                return false;
            }
            CryoException.Check(status);
            return true;
        }

        /// <summary>No messages for now; what comes is kept, up to 64 KiB, then the peer is held up.</summary>
        public void PauseReading()
        {
            CryoException.Check(Abi.cryo_session_pause_reading(Live));
        }

        /// <summary>Messages again.</summary>
        public void ResumeReading()
        {
            CryoException.Check(Abi.cryo_session_resume_reading(Live));
        }

        /// <summary>Sends a ping now, beside those of the keep-alive.</summary>
        public void Ping()
        {
            CryoException.Check(Abi.cryo_session_ping(Live));
        }

        /// <summary>
        /// Closes, after what was sent before has left. The code is one of 1000 to 1003, 1007 to 1009, 1011 to 1014 or 3000 to 4999; the
        /// reason is cut to 123 bytes of UTF-8. What is closed or closing stays as it is.
        /// </summary>
        public void Close(int code = CloseCode.Graceful, string reason = "")
        {
            if (over)
            {
                return;
            }
            var status = Abi.cryo_session_close(Raw, code, Text.Of(reason));
            if (status != (int)Status.Closed && status != (int)Status.Handle)
            {
                CryoException.Check(status);
            }
        }

        /// <summary>Closes with 4001 "Token expired." in so many milliseconds; 0: at once; long.MaxValue: never.</summary>
        public void SetExpiry(long ms)
        {
            CryoException.Check(Abi.cryo_session_set_expiry_ms(Live, ms));
        }

        // ---- asking

        /// <summary>The token that the client was let in with.</summary>
        public string Token
        {
            get { return token ?? (token = Text.Read((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_token(Live, b, c, out n))); }
        }

        /// <summary>The client's address: "192.0.2.7:54321", "[2001:db8::1]:54321".</summary>
        public string RemoteAddress
        {
            get
            {
                return remoteAddress ?? (remoteAddress = Text.Read(
                    (byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_remote_address(Live, b, c, out n)));
            }
        }

        /// <summary>The address of the trusted proxy that has told the client's; "": none has.</summary>
        public string ProxyAddress
        {
            get { return Text.Read((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_proxy_address(Live, b, c, out n)); }
        }

        /// <summary>The path of the request, without the query.</summary>
        public string Path
        {
            get { return path ?? (path = Text.Read((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_path(Live, b, c, out n))); }
        }

        /// <summary>A query parameter, decoded; null: there is none of that name.</summary>
        public string Parameter(string name)
        {
            var wanted = Text.Of(name);
            return Text.Find((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_parameter(Live, wanted, b, c, out n));
        }

        /// <summary>All query parameters but the token, decoded, in the order of the request.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Parameters
        {
            get
            {
                var found = new List<KeyValuePair<string, string>>();
                while (true)
                {
                    UIntPtr nameLength, valueLength;
                    var index = (UIntPtr)found.Count;
                    var status = Abi.cryo_session_parameter_at(
                        Live, index, null, UIntPtr.Zero, out nameLength, null, UIntPtr.Zero, out valueLength);
                    if (status == (int)Status.NotFound)
                    {
                        return found;
                    }
                    CryoException.Check(status);
                    var name = new byte[(int)nameLength + 1];
                    var value = new byte[(int)valueLength + 1];
                    CryoException.Check(Abi.cryo_session_parameter_at(Live, index, name, (UIntPtr)name.Length, out nameLength,
                        value, (UIntPtr)value.Length, out valueLength));
                    Array.Resize(ref name, name.Length - 1);
                    Array.Resize(ref value, value.Length - 1);
                    found.Add(new KeyValuePair<string, string>(Text.Decode(name), Text.Decode(value)));
                }
            }
        }

        /// <summary>A header of the request that the server's option AddSessionHeader names; null: none.</summary>
        public string Header(string name)
        {
            var wanted = Text.Of(name);
            return Text.Find((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_header(Live, wanted, b, c, out n));
        }

        /// <summary>A text that the validator has set (<see cref="Auth.SetClaim"/>); null: none.</summary>
        public string Claim(string name)
        {
            var wanted = Text.Of(name);
            return Text.Find((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_claim(Live, wanted, b, c, out n));
        }

        /// <summary>What the validator has let the client in with (<see cref="Auth.Accept(object)"/>); null: nothing.</summary>
        public object User
        {
            get
            {
                IntPtr number;
                var status = Abi.cryo_session_get(Live, Text.Of(UserKey), out number);
                if (status == (int)Status.NotFound)
                {
                    return null;
                }
                CryoException.Check(status);
                return Kept.Get(number);
            }
        }

        /// <summary>The certificate that the client has shown; null: none.</summary>
        public PeerCertificate PeerCertificate
        {
            get
            {
                return PeerCertificate.Read(
                    (byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_peer_certificate_subject(Live, b, c, out n),
                    (UIntPtr at, byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_peer_certificate_name(Live, at, b, c, out n),
                    (byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_session_peer_certificate_fingerprint(Live, b, c, out n));
            }
        }

        /// <summary>Whether messages can be sent.</summary>
        public bool IsOpen
        {
            get { return !over && Abi.cryo_session_is_open(Raw) != 0; }
        }

        /// <summary>Whether CALE encrypts what is sent and received. TLS is another matter.</summary>
        public bool IsSecure
        {
            get { return Abi.cryo_session_is_secure(Live) != 0; }
        }

        /// <summary>Whether this server has opened it (<see cref="Server.ConnectPeer"/>).</summary>
        public bool IsPeer
        {
            get { return Abi.cryo_session_is_peer(Live) != 0; }
        }

        /// <summary>All that it counts.</summary>
        public SessionStats Stats
        {
            get { return new SessionStats(this); }
        }

        /// <summary>One of them, as it stands now; NaN: no round trip was measured yet.</summary>
        public double GetStat(Stat stat)
        {
            double value;
            var status = Abi.cryo_session_stat(Live, (int)stat, out value);
            if (status == (int)Status.NotFound)
            {
                return double.NaN;
            }
            CryoException.Check(status);
            return value;
        }

        /// <summary>Values of your own, by key; null: none, and to remove one. They go with the last reference to this object.</summary>
        public object this[string key]
        {
            get
            {
                object value;
                return values.TryGetValue(key, out value) ? value : null;
            }

            set
            {
                object before;
                if (value == null)
                {
                    values.TryRemove(key, out before);
                }
                else
                {
                    values[key] = value;
                }
            }
        }

        public override string ToString()
        {
            return "Cryo.Session " + Id;
        }

        /// <summary>It had its last event.</summary>
        internal void End()
        {
            over = true;
            Receipts.Close();
            Abi.cryo_session_release(Raw);
        }
    }
}
