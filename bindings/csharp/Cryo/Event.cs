namespace Cryo
{
    /// <summary>What a server or a client tells, for who reads its events one after the other. What an event does not have is null or 0.</summary>
    public sealed class Event
    {
        internal Event(EventKind kind, Session session)
        {
            Kind = kind;
            Session = session;
        }

        /// <summary>Which of them it is. Auth, Hook and Token do not come: functions of yours are asked.</summary>
        public EventKind Kind { get; private set; }

        /// <summary>Whose event it is.</summary>
        public Session Session { get; private set; }

        /// <summary>Of Message, Lost and Dropped.</summary>
        public Message Message { get; internal set; }

        /// <summary>The code of Closed and Disconnected; the port of Listening.</summary>
        public int Code { get; internal set; }

        /// <summary>The reason of Closed and Disconnected; the host of Listening.</summary>
        public string Text { get; internal set; }

        /// <summary>Of Stat.</summary>
        public Stat Stat { get; internal set; }

        /// <summary>Of Stat.</summary>
        public double Value { get; internal set; }

        /// <summary>Of AttemptFailed.</summary>
        public AttemptFailure Failure { get; internal set; }

        /// <summary>Of Dropped.</summary>
        public DropReason DropReason { get; internal set; }

        /// <summary>Of Receipt: the number that the message was sent with.</summary>
        public long ReceiptNumber { get; internal set; }

        /// <summary>Of Receipt.</summary>
        public Receipt Receipt { get; internal set; }

        internal static Event Read(BatchReader from, Session session)
        {
            var kind = (EventKind)from.Kind;
            var read = new Event(kind, session);
            switch (kind)
            {
                case EventKind.Listening:
                case EventKind.Closed:
                case EventKind.Disconnected:
                    read.Code = from.Code;
                    read.Text = from.Text;
                    break;
                case EventKind.Message:
                case EventKind.Lost:
                    read.Message = from.Message;
                    break;
                case EventKind.Dropped:
                    read.Message = from.Message;
                    read.DropReason = (DropReason)from.Code;
                    break;
                case EventKind.Stat:
                    read.Stat = (Stat)from.Code;
                    read.Value = from.Value;
                    break;
                case EventKind.AttemptFailed:
                    read.Failure = new AttemptFailure((Status)from.Code, from.HttpStatus, from.Text, (long)from.Value);
                    break;
                case EventKind.Receipt:
                    read.ReceiptNumber = from.Receipt;
                    read.Receipt = new Receipt((Outcome)from.Code, from.Value, from.Text);
                    break;
            }
            return read;
        }
    }
}
