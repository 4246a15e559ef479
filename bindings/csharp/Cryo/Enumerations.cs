// The constants of cryo.h. Written by bindings/api/update.py; do not edit.

namespace Cryo
{
    /// <summary>How a call ended: 0, or what went wrong.</summary>
    public enum Status
    {
        /// <summary>OK.</summary>
        Ok = 0,
        /// <summary>An argument is NULL, out of range or malformed.</summary>
        Invalid = -1,
        /// <summary>A handle is NULL, was freed, or is of another type.</summary>
        Handle = -2,
        /// <summary>Not now: already started, not connected, already settled, called from inside a callback, ….</summary>
        State = -3,
        /// <summary>Memory ran out.</summary>
        NoMemory = -4,
        /// <summary>The session is closed or closing; the server has stopped.</summary>
        Closed = -5,
        /// <summary>The session's send queue is full: its peer is slower than you send.</summary>
        Full = -6,
        /// <summary>A message is longer than any peer could be sent.</summary>
        TooBig = -7,
        /// <summary>Nothing came within the time given.</summary>
        Timeout = -8,
        /// <summary>There is no such thing: parameter, key, session, sample.</summary>
        NotFound = -9,
        /// <summary>The buffer is too small; *len has the length that is needed.</summary>
        Buffer = -10,
        /// <summary>The host is no address of this machine, or cannot be resolved.</summary>
        Address = -11,
        /// <summary>Another program listens on that port.</summary>
        AddressInUse = -12,
        /// <summary>The system does not allow it: a port below 1024, a file that may not be read.</summary>
        Permission = -13,
        /// <summary>A certificate or key file does not exist or cannot be read.</summary>
        TlsFile = -14,
        /// <summary>No certificate could be read from what was given.</summary>
        TlsCertificate = -15,
        /// <summary>No private key could be read from what was given.</summary>
        TlsKey = -16,
        /// <summary>The key does not belong to the certificate.</summary>
        TlsMismatch = -17,
        /// <summary>The certificate is no longer, or not yet, valid.</summary>
        TlsExpired = -18,
        /// <summary>TLS could not be set up for another reason.</summary>
        Tls = -19,
        /// <summary>The operating system refused: the text has its words.</summary>
        System = -20,
        /// <summary>Not on this platform or not in this build.</summary>
        Unsupported = -21,
        /// <summary>A defect of this library: please report it.</summary>
        Internal = -22,
        /// <summary>All sessions together hold as many bytes as they may.</summary>
        TotalFull = -23,
        /// <summary>The session owes as many receipts as it may.</summary>
        ReceiptsFull = -24,
        /// <summary>There is one of that name already.</summary>
        Exists = -25,
        /// <summary>There is no such host, or its name could not be looked up.</summary>
        Resolve = -30,
        /// <summary>The host refused the connection or could not be reached.</summary>
        Connect = -31,
        /// <summary>The server answered, but not with a WebSocket: the text has its words.</summary>
        Http = -32,
        /// <summary>The server's certificate is for another name.</summary>
        TlsName = -33,
        /// <summary>The server's certificate is signed by nobody whom this side trusts.</summary>
        TlsUntrusted = -34,
        /// <summary>The token provider has no token: the text has its words.</summary>
        Token = -35,
    }

    /// <summary>How much is logged.</summary>
    public enum LogLevel
    {
        /// <summary>OFF.</summary>
        Off = 0,
        /// <summary>ERROR.</summary>
        Error = 1,
        /// <summary>WARNING.</summary>
        Warning = 2,
        /// <summary>INFO.</summary>
        Info = 3,
        /// <summary>DEBUG.</summary>
        Debug = 4,
    }

    /// <summary>The kinds of a message.</summary>
    public enum MessageKind
    {
        /// <summary>UTF8.</summary>
        Utf8 = 1,
        /// <summary>BINARY.</summary>
        Binary = 2,
    }

    /// <summary>The close codes of the protocol, beside those of RFC 6455 section 7.4.</summary>
    public static class CloseCode
    {
        /// <summary>Wanted by either side.</summary>
        public const int Graceful = 4000;
        /// <summary>The client's fault: silent, or it broke the protocol.</summary>
        public const int ClientError = 4001;
        /// <summary>The server's fault.</summary>
        public const int ServerError = 4002;
        /// <summary>One side expects CALE encryption, the other does not.</summary>
        public const int CaleMismatch = 4010;
        /// <summary>The CALE handshake failed.</summary>
        public const int CaleHandshake = 4011;
        /// <summary>Seen only: the peer gave no code.</summary>
        public const int NoStatus = 1005;
        /// <summary>Seen only: the connection was lost without a close.</summary>
        public const int Abnormal = 1006;
    }

    /// <summary>What a session counts.</summary>
    public enum Stat
    {
        /// <summary>Moving average (alpha 0.2) from message to acknowledgement, in milliseconds.</summary>
        Rtt = 1,
        /// <summary>WebSocket payload bytes received, since the session began.</summary>
        BytesRx = 2,
        /// <summary>WebSocket payload bytes handed to the transport, since the session began.</summary>
        BytesTx = 3,
        /// <summary>Messages not acknowledged in time; as an event: since the last such event.</summary>
        AckTimeout = 4,
        /// <summary>Bytes sent by the application and not yet taken by the operating system.</summary>
        QueuedBytes = 5,
        /// <summary>Messages sent by the application that have not begun to leave.</summary>
        QueuedCount = 6,
    }

    /// <summary>What gives way when a session's queue is held and full.</summary>
    public enum DropPolicy
    {
        /// <summary>Queued messages go, the oldest first, until the new one fits.</summary>
        Oldest = 1,
        /// <summary>The new message is refused.</summary>
        Newest = 2,
        /// <summary>
        /// A queued message with the same key, or else of the same kind and content, is replaced in its place; when the
        /// queue is full, the oldest one of the same kind. If the new one is longer, others give way until it fits, the
        /// oldest first, its own kind before the other. Only one that is larger than the whole queue may be is refused:
        /// what is queued is always the latest.
        /// </summary>
        DedupeLatest = 3,
    }

    /// <summary>Versions of TLS.</summary>
    public enum TlsVersion
    {
        /// <summary>TLS_1_2.</summary>
        Tls12 = 12,
        /// <summary>TLS_1_3.</summary>
        Tls13 = 13,
    }

    /// <summary>What becomes of a live session when a client comes with its id.</summary>
    public enum DuplicatePolicy
    {
        /// <summary>It stays, and the newcomer is refused with 409.</summary>
        Refuse = 1,
        /// <summary>Its peer is pinged: it stays if that shows life, and else gives way.</summary>
        Probe = 2,
        /// <summary>It gives way.</summary>
        Replace = 3,
    }

    /// <summary>Which headers of a trusted proxy say where a client is.</summary>
    public enum ForwardedHeader
    {
        /// <summary>None.</summary>
        None = 0,
        /// <summary>Whichever is there; where both are, they must say the same.</summary>
        Any = 1,
        /// <summary>X-Forwarded-For.</summary>
        XForwardedFor = 2,
        /// <summary>Forwarded (RFC 7239).</summary>
        Rfc7239 = 3,
    }

    /// <summary>What carries a server's connections.</summary>
    public enum Transport
    {
        /// <summary>CRYO_TRANSPORT_POLL where it can be had.</summary>
        Auto = 0,
        /// <summary>Libwebsockets: every system.</summary>
        Libwebsockets = 1,
        /// <summary>Plain sockets, and what the system says of their readiness (epoll, or else libuv).</summary>
        Poll = 2,
    }

    /// <summary>Why a message was dropped.</summary>
    public enum DropReason
    {
        /// <summary>It made room for a newer one: by CRYO_DROP_OLDEST, or by CRYO_DEDUPE_LATEST for a longer one.</summary>
        Oldest = 1,
        /// <summary>There was no room for it when it reached the queue.</summary>
        Refused = 2,
        /// <summary>By CRYO_DEDUPE_LATEST: a newer one stands in its place.</summary>
        Replaced = 3,
        /// <summary>All sessions together held as many bytes as they may.</summary>
        Total = 4,
    }

    /// <summary>How a message that was sent with a receipt ended.</summary>
    public enum Outcome
    {
        /// <summary>The peer has it.</summary>
        Acknowledged = 1,
        /// <summary>It left, and was not acknowledged in time.</summary>
        TimedOut = 2,
        /// <summary>It did not leave: the queue was full.</summary>
        Dropped = 3,
        /// <summary>It did not leave: an extension stopped it.</summary>
        Vetoed = 4,
        /// <summary>The session closed, or its connection was lost, before one of these was known.</summary>
        Closed = 5,
        /// <summary>
        /// The peer closed the connection because of it: it is too big (1009), or against its rules (1007, 1008). It is not
        /// sent again.
        /// </summary>
        Refused = 6,
    }

    /// <summary>What a server counts, of all its threads together.</summary>
    public enum ServerStat
    {
        /// <summary>Live sessions, now.</summary>
        Sessions = 1,
        /// <summary>Of these, that wait for their client, now.</summary>
        Away = 2,
        /// <summary>Open connections, now.</summary>
        Connections = 3,
        /// <summary>Connections that came.</summary>
        AcceptedConnections = 4,
        /// <summary>Sessions that were announced.</summary>
        AcceptedSessions = 5,
        /// <summary>Sessions that went on with another connection.</summary>
        Resumed = 6,
        /// <summary>Sessions that closed.</summary>
        Closed = 7,
        /// <summary>Requests that were refused; `of`: with this HTTP status, 400 to 599.</summary>
        Refused = 8,
        /// <summary>TLS handshakes that failed.</summary>
        TlsFailures = 9,
        /// <summary>What clients sent against the protocol, whether it closed their session or not.</summary>
        Violations = 10,
        /// <summary>Messages that were dropped; `of`: for this reason, CRYO_DROPPED_*.</summary>
        Dropped = 11,
        /// <summary>Receipts that were told; `of`: with this outcome, CRYO_RECEIPT_*.</summary>
        Receipts = 12,
        /// <summary>Messages that were delivered to the application.</summary>
        MessagesRx = 13,
        /// <summary>Messages that have left; one that is sent again counts again.</summary>
        MessagesTx = 14,
        /// <summary>Bytes received on connections, requests included, without what TLS adds.</summary>
        BytesRx = 15,
        /// <summary>Bytes sent, likewise.</summary>
        BytesTx = 16,
        /// <summary>Calls of other threads that a thread found waiting at once: the most of the last half minute.</summary>
        Mailbox = 17,
        /// <summary>Times that a thread was held up for 100 ms or more, as by a callback that takes long.</summary>
        SlowCallbacks = 18,
        /// <summary>Milliseconds that a thread was busy at a stretch: the most of the last half minute.</summary>
        LoopLag = 19,
        /// <summary>Milliseconds that the threads were busy.</summary>
        Busy = 20,
        /// <summary>Tickets that wait for the validator, now.</summary>
        Validations = 21,
        /// <summary>Requests of cryo_server_options_set_health and _set_metrics that were answered.</summary>
        HealthChecks = 22,
        /// <summary>1 once nobody is let in any more, else 0.</summary>
        Draining = 23,
    }

    /// <summary>Which way a message goes.</summary>
    public enum Direction
    {
        /// <summary>BEFORE_SEND.</summary>
        BeforeSend = 1,
        /// <summary>ON_RECEIVE.</summary>
        OnReceive = 2,
    }

    /// <summary>What becomes of a message whose hook has failed.</summary>
    public enum Verdict
    {
        /// <summary>PASS.</summary>
        Pass = 1,
        /// <summary>STOP.</summary>
        Stop = 2,
    }

    /// <summary>What an event of a queue tells.</summary>
    public enum EventKind
    {
        /// <summary>_text (the host), _code (the port).</summary>
        Listening = 1,
        /// <summary>_auth, _data (the token).</summary>
        Auth = 2,
        /// <summary>_session.</summary>
        Session = 3,
        /// <summary>_session, _message_kind, _data.</summary>
        Message = 4,
        /// <summary>_session, _code, _text (the reason).</summary>
        Closed = 5,
        /// <summary>_session, _code (CRYO_STAT_*), _value.</summary>
        Stat = 6,
        /// <summary>_session, _code, _text.</summary>
        Disconnected = 7,
        /// <summary>_session.</summary>
        Reconnected = 8,
        /// <summary>_session, _code (the status), _http_status, _text, _value (ms until the next; -1: none).</summary>
        AttemptFailed = 9,
        /// <summary>_session, _message_kind, _data.</summary>
        Lost = 10,
        /// <summary>_session, _code (CRYO_DROPPED_*), _message_kind, _data.</summary>
        Dropped = 11,
        /// <summary>_session.</summary>
        Writable = 12,
        /// <summary>_session, _receipt, _code (CRYO_RECEIPT_*), _value (rtt_ms), _text (by).</summary>
        Receipt = 13,
        /// <summary>_session, _hook, _code (the direction), _message_kind, _data, _text (the extension's name).</summary>
        Hook = 14,
        /// <summary>_session, _token_request.</summary>
        Token = 15,
    }

    /// <summary>Where the fields of a batch of events are.</summary>
    internal static class Batch
    {
        public const int BatchVersion = 1;
        public const int BatchCount = 4;
        public const int BatchBytes = 8;
        public const int BatchFirst = 16;
        public const int BatchRecordSize = 20;
        /// <summary>Of the head.</summary>
        public const int BatchSize = 24;
        public const int RecordKind = 8;
        public const int RecordMessageKind = 12;
        public const int RecordSession = 16;
        public const int RecordTicket = 24;
        public const int RecordDataLength = 32;
        public const int RecordData = 40;
        public const int RecordText = 44;
        public const int RecordTextLength = 48;
        public const int RecordCode = 52;
        public const int RecordHttpStatus = 56;
        public const int RecordReceipt = 64;
        public const int RecordMessageId = 72;
        public const int RecordValue = 80;
        public const int RecordSize = 88;
    }
}
