using System;

namespace Cryo
{
    /// <summary>The library refused a call. Programs branch on <see cref="Status"/>; some have a class of their own.</summary>
    public class CryoException : Exception
    {
        internal CryoException(Status status, string name, string text)
            : base(text.Length == 0 ? name : text + " (" + name + ")")
        {
            Status = status;
            Name = name;
            Text = text;
        }

        /// <summary>What went wrong.</summary>
        public Status Status { get; private set; }

        /// <summary>Its name in cryo.h, "CRYO_ERR_CLOSED" for example.</summary>
        public string Name { get; private set; }

        /// <summary>A sentence for people: what went wrong, where, and what to do.</summary>
        public string Text { get; private set; }

        /// <summary>Throws if the status is one of a failure; it must come from a call that this thread has just made.</summary>
        internal static void Check(int status)
        {
            if (status < 0)
            {
                throw Of((Status)status, Cryo.Text.At(Abi.cryo_last_error()));
            }
        }

        internal static CryoException Of(Status status, string text)
        {
            var name = Cryo.Text.At(Abi.cryo_status_name((int)status));
            switch (status)
            {
                case Status.Closed:
                    return new ClosedException(status, name, text);
                case Status.Full:
                case Status.TotalFull:
                case Status.ReceiptsFull:
                    return new FullException(status, name, text);
                case Status.State:
                    return new StateException(status, name, text);
                default:
                    return new CryoException(status, name, text);
            }
        }
    }

    /// <summary>The session is closed or closing, or the server has stopped.</summary>
    public sealed class ClosedException : CryoException
    {
        internal ClosedException(Status status, string name, string text)
            : base(status, name, text)
        {
        }
    }

    /// <summary>
    /// The message was not taken: the session's queue is full, because its peer is slower than you send, or all sessions together
    /// hold as many bytes as they may, or it owes as many receipts as it may.
    /// </summary>
    public sealed class FullException : CryoException
    {
        internal FullException(Status status, string name, string text)
            : base(status, name, text)
        {
        }
    }

    /// <summary>Not now: already started, not connected, already settled, called from inside a handler.</summary>
    public sealed class StateException : CryoException
    {
        internal StateException(Status status, string name, string text)
            : base(status, name, text)
        {
        }
    }
}
