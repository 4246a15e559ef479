using System;

namespace Cryo
{
    /// <summary>A question of the library's, which is answered once, by any thread.</summary>
    public abstract class Ticket
    {
        private volatile bool answered;

        internal Ticket(IntPtr handle)
        {
            Raw = handle;
        }

        /// <summary>Whether it was answered by this object. It may be over all the same, as by its time-out.</summary>
        public bool IsAnswered
        {
            get { return answered; }
        }

        internal IntPtr Raw { get; private set; }

        /// <summary>What an answer came to: true if it was the first one and came in time. Other failures are thrown.</summary>
        internal bool Settled(int status)
        {
            if (status == (int)Status.State || status == (int)Status.Handle)
            {
                answered = true;
                return false;
            }
            CryoException.Check(status);
            answered = true;
            return true;
        }
    }

    /// <summary>
    /// Shall this client come in? Answer with Accept, Replace, Reject or Refuse, now or later, from any thread. The first answer counts; the
    /// methods return false where it came too late. A ticket that is left alone is rejected after the option ValidationTimeoutMs. Until it
    /// is answered it tells what is known of the client; afterwards that throws a CryoException with Status.State or Status.Handle.
    /// </summary>
    public sealed class Auth : Ticket
    {
        internal Auth(IntPtr handle, string token)
            : base(handle)
        {
            Token = token;
        }

        /// <summary>The token that the client has sent.</summary>
        public string Token { get; private set; }

        /// <summary>The client's address: "192.0.2.7:54321", "[2001:db8::1]:54321".</summary>
        public string RemoteAddress
        {
            get { return Text.Read((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_auth_remote_address(Raw, b, c, out n)); }
        }

        /// <summary>The address of the trusted proxy that has told the client's; "": none has.</summary>
        public string ProxyAddress
        {
            get { return Text.Read((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_auth_proxy_address(Raw, b, c, out n)); }
        }

        /// <summary>The path of the request, without the query.</summary>
        public string Path
        {
            get { return Text.Read((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_auth_path(Raw, b, c, out n)); }
        }

        /// <summary>The certificate that the client has shown; null: none.</summary>
        public PeerCertificate PeerCertificate
        {
            get
            {
                return PeerCertificate.Read(
                    (byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_auth_peer_certificate_subject(Raw, b, c, out n),
                    (UIntPtr at, byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_auth_peer_certificate_name(Raw, at, b, c, out n),
                    (byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_auth_peer_certificate_fingerprint(Raw, b, c, out n));
            }
        }

        /// <summary>Lets the client in.</summary>
        public bool Accept()
        {
            return Settled(Abi.cryo_auth_accept(Raw));
        }

        /// <summary>Lets the client in with something that you know of it, which is <see cref="Session.User"/> then.</summary>
        public bool Accept(object user)
        {
            return Give(user) && Accept();
        }

        /// <summary>
        /// Lets the client in, also in the place of a live session with the same id, whatever its token, which closes with 4000
        /// "Taken over.". Only where both belong to the same user.
        /// </summary>
        public bool Replace()
        {
            return Settled(Abi.cryo_auth_replace(Raw));
        }

        /// <summary>The same with something that you know of the client.</summary>
        public bool Replace(object user)
        {
            return Give(user) && Replace();
        }

        /// <summary>Refuses with 401 and a reason of one line (null: none) that is shown to the client.</summary>
        public bool Reject(string reason = null)
        {
            return Settled(Abi.cryo_auth_reject(Raw, Text.Of(reason)));
        }

        /// <summary>
        /// Refuses with a status of 400 to 599 and a text of at most 4096 bytes (null: none). <paramref name="retryAfterMs"/>: when the
        /// client may come back; 0 says nothing of it.
        /// </summary>
        public bool Refuse(int httpStatus, string body = null, uint retryAfterMs = 0)
        {
            return Settled(Abi.cryo_auth_refuse(Raw, httpStatus, Text.Of(body), retryAfterMs));
        }

        /// <summary>A text that is known of the client, for <see cref="Session.Claim"/>; null takes it back.</summary>
        public void SetClaim(string name, string value)
        {
            CryoException.Check(Abi.cryo_auth_set_claim(Raw, Text.Of(name), Text.Of(value)));
        }

        /// <summary>How long the token is good, in milliseconds from now: the session closes then with 4001 "Token expired.".</summary>
        public void SetExpiry(long ms)
        {
            CryoException.Check(Abi.cryo_auth_set_expiry_ms(Raw, ms));
        }

        /// <summary>A query parameter, decoded; null: none. The session id that the client asks for is "x-cryo-sid", and not checked
        /// yet.</summary>
        public string Parameter(string name)
        {
            var wanted = Text.Of(name);
            return Text.Find((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_auth_parameter(Raw, wanted, b, c, out n));
        }

        /// <summary>A header of the request, by its name in any case; several of one name are joined; null: none.</summary>
        public string Header(string name)
        {
            var wanted = Text.Of(name);
            return Text.Find((byte[] b, UIntPtr c, out UIntPtr n) => Abi.cryo_auth_header(Raw, wanted, b, c, out n));
        }

        private bool Give(object user)
        {
            var number = Kept.Keep(user);
            var status = Abi.cryo_auth_set(Raw, Text.Of(Session.UserKey), number, Kept.Finalizer);
            if (status != (int)Status.Ok)
            {
                Kept.Forget(number);
                return Settled(status);
            }
            return true;
        }
    }

    /// <summary>With which token shall a client, or a peer, connect? Its methods return false where the answer came too late.</summary>
    internal sealed class TokenRequest : Ticket
    {
        internal TokenRequest(IntPtr handle)
            : base(handle)
        {
        }

        internal bool Give(string token)
        {
            return Settled(Abi.cryo_token_give(Raw, Text.Of(token)));
        }

        internal bool Fail(string reason)
        {
            return Settled(Abi.cryo_token_fail(Raw, Text.Cut(reason)));
        }
    }

    /// <summary>
    /// Shall this message pass? Answer with Pass, Replace, Stop or Fail, now or later, from any thread; until then the later messages of its
    /// session and direction wait. One that is left alone has failed after the extension's time-out. The methods return false where the
    /// answer came too late.
    /// </summary>
    public sealed class Hook : Ticket
    {
        internal Hook(IntPtr handle, Session session, Direction direction, Message message)
            : base(handle)
        {
            Session = session;
            Direction = direction;
            Message = message;
        }

        /// <summary>Whose message it is.</summary>
        public Session Session { get; private set; }

        /// <summary>Which way it goes.</summary>
        public Direction Direction { get; private set; }

        /// <summary>The message, as it came to this extension.</summary>
        public Message Message { get; private set; }

        /// <summary>Lets the message go on as it is.</summary>
        public bool Pass()
        {
            return Settled(Abi.cryo_hook_pass(Raw));
        }

        /// <summary>Lets it go on with another text. What was bytes stays bytes.</summary>
        public bool Replace(string text)
        {
            return Replace(Text.Encode(text));
        }

        /// <summary>Lets it go on with other bytes, of the same kind: for a text they are UTF-8.</summary>
        public bool Replace(byte[] data)
        {
            return Settled(Abi.cryo_hook_replace(Raw, data, (UIntPtr)data.Length));
        }

        /// <summary>Ends its way.</summary>
        public bool Stop()
        {
            return Settled(Abi.cryo_hook_stop(Raw));
        }

        /// <summary>The hook could not do its work, for a reason (null: none) that is logged.</summary>
        public bool Fail(string reason)
        {
            return Settled(Abi.cryo_hook_fail(Raw, Text.Cut(reason)));
        }
    }
}
