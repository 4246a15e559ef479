using System;
using System.Collections.Generic;

namespace Cryo
{
    /// <summary>What became of one message that was sent with a receipt.</summary>
    public sealed class Receipt
    {
        internal Receipt(Outcome outcome, double rtt, string by)
        {
            Outcome = outcome;
            Rtt = rtt;
            By = by;
        }

        /// <summary>How it ended.</summary>
        public Outcome Outcome { get; private set; }

        /// <summary>Whether the peer has acknowledged it.</summary>
        public bool Arrived
        {
            get { return Outcome == Outcome.Acknowledged; }
        }

        /// <summary>Milliseconds from leaving to acknowledgement; -1 unless it was acknowledged.</summary>
        public double Rtt { get; private set; }

        /// <summary>The extension that stopped it, or the rule that dropped it ("oldest", "refused", "replaced", "total"); else "".</summary>
        public string By { get; private set; }

        public override string ToString()
        {
            return By.Length == 0 ? Outcome.ToString() : Outcome + " by " + By;
        }
    }

    /// <summary>An attempt of a client, or a peer, to connect has failed.</summary>
    public sealed class AttemptFailure
    {
        internal AttemptFailure(Status status, int httpStatus, string text, long retryMs)
        {
            Status = status;
            HttpStatus = httpStatus;
            Text = text;
            RetryMs = retryMs;
        }

        /// <summary>Why.</summary>
        public Status Status { get; private set; }

        /// <summary>The server's answer to the upgrade; 0: there was none.</summary>
        public int HttpStatus { get; private set; }

        /// <summary>The same for people.</summary>
        public string Text { get; private set; }

        /// <summary>Milliseconds until the next attempt; -1: none follows, and the session closes.</summary>
        public long RetryMs { get; private set; }

        public override string ToString()
        {
            return Text;
        }
    }

    /// <summary>What a session counts, as it stood when it was asked.</summary>
    public sealed class SessionStats
    {
        internal SessionStats(Session session)
        {
            Rtt = session.GetStat(Stat.Rtt);
            BytesRx = (long)session.GetStat(Stat.BytesRx);
            BytesTx = (long)session.GetStat(Stat.BytesTx);
            AckTimeouts = (long)session.GetStat(Stat.AckTimeout);
            QueuedBytes = (long)session.GetStat(Stat.QueuedBytes);
            QueuedCount = (long)session.GetStat(Stat.QueuedCount);
        }

        /// <summary>Moving average from message to acknowledgement, in milliseconds; NaN before the first.</summary>
        public double Rtt { get; private set; }

        /// <summary>WebSocket payload bytes received.</summary>
        public long BytesRx { get; private set; }

        /// <summary>WebSocket payload bytes handed to the transport.</summary>
        public long BytesTx { get; private set; }

        /// <summary>Messages that were not acknowledged in time.</summary>
        public long AckTimeouts { get; private set; }

        /// <summary>Bytes sent by the application and not yet taken by the operating system.</summary>
        public long QueuedBytes { get; private set; }

        /// <summary>Messages sent by the application that have not begun to leave.</summary>
        public long QueuedCount { get; private set; }
    }

    /// <summary>The certificate that a client has shown in its TLS handshake, and the server has found good.</summary>
    public sealed class PeerCertificate
    {
        internal delegate int NameReader(UIntPtr index, byte[] buffer, UIntPtr capacity, out UIntPtr length);

        private PeerCertificate(string subject, IReadOnlyList<string> names, string fingerprint)
        {
            Subject = subject;
            Names = names;
            Fingerprint = fingerprint;
        }

        /// <summary>"CN=alice,O=Example" (RFC 4514).</summary>
        public string Subject { get; private set; }

        /// <summary>Its alternative names: "DNS:a.example", "IP:192.0.2.7", "email:…", "URI:…".</summary>
        public IReadOnlyList<string> Names { get; private set; }

        /// <summary>SHA-256 of all of it, 64 hexadecimal digits in lower case.</summary>
        public string Fingerprint { get; private set; }

        /// <summary>null: none was shown.</summary>
        internal static PeerCertificate Read(Text.Reader subjects, NameReader names, Text.Reader fingerprints)
        {
            var subject = Text.Find(subjects);
            if (subject == null)
            {
                return null;
            }
            var found = new List<string>();
            while (true)
            {
                var index = (UIntPtr)found.Count;
                var name = Text.Find((byte[] buffer, UIntPtr capacity, out UIntPtr length) =>
                    names(index, buffer, capacity, out length));
                if (name == null)
                {
                    return new PeerCertificate(subject, found, Text.Read(fingerprints));
                }
                found.Add(name);
            }
        }
    }
}
