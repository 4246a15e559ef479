using System;

namespace Cryo
{
    /// <summary>A message: text, or bytes.</summary>
    public sealed class Message
    {
        internal Message(bool isText, byte[] data, ulong id)
        {
            IsText = isText;
            Data = data;
            Id = id;
        }

        /// <summary>A text of your own.</summary>
        public Message(string text)
            : this(true, Cryo.Text.Encode(text), 0)
        {
        }

        /// <summary>Bytes of your own, which are not copied.</summary>
        public Message(byte[] data)
            : this(false, data ?? throw new ArgumentNullException("data"), 0)
        {
        }

        /// <summary>Whether it is text; else it is bytes.</summary>
        public bool IsText { get; private set; }

        /// <summary>Utf8 or Binary.</summary>
        public MessageKind Kind
        {
            get { return IsText ? MessageKind.Utf8 : MessageKind.Binary; }
        }

        /// <summary>Its text; of bytes, what they are as UTF-8, with U+FFFD for what is none.</summary>
        public string Text
        {
            get { return Cryo.Text.Decode(Data); }
        }

        /// <summary>Its bytes, UTF-8 for text. Leave them as they are.</summary>
        public byte[] Data { get; private set; }

        /// <summary>With the server's option ManualAck, what <see cref="Session.Ack(ulong)"/> wants; else 0.</summary>
        public ulong Id { get; private set; }

        public override string ToString()
        {
            return IsText ? Text : Data.Length + " bytes";
        }

        internal UIntPtr Size
        {
            get { return (UIntPtr)Data.Length; }
        }
    }
}
