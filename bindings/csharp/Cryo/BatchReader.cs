using System;
using System.Runtime.InteropServices;

namespace Cryo
{
    /// <summary>Reads a batch of events in the library's memory; it stands at one event at a time. What it gives is copied.</summary>
    internal sealed class BatchReader
    {
        private IntPtr at;
        private IntPtr next;
        private int left;

        internal int Kind
        {
            get { return Int(Batch.RecordKind); }
        }

        internal IntPtr Session
        {
            get { return (IntPtr)Marshal.ReadInt64(at, Batch.RecordSession); }
        }

        internal IntPtr Ticket
        {
            get { return (IntPtr)Marshal.ReadInt64(at, Batch.RecordTicket); }
        }

        internal int Code
        {
            get { return Int(Batch.RecordCode); }
        }

        internal int HttpStatus
        {
            get { return Int(Batch.RecordHttpStatus); }
        }

        internal long Receipt
        {
            get { return Marshal.ReadInt64(at, Batch.RecordReceipt); }
        }

        internal double Value
        {
            get { return BitConverter.Int64BitsToDouble(Marshal.ReadInt64(at, Batch.RecordValue)); }
        }

        internal string Text
        {
            get
            {
                var where = Int(Batch.RecordText);
                return where == 0 ? "" : Cryo.Text.Decode(Copy(where, Int(Batch.RecordTextLength)));
            }
        }

        internal byte[] Data
        {
            get { return Copy(Int(Batch.RecordData), (int)Marshal.ReadInt64(at, Batch.RecordDataLength)); }
        }

        internal Message Message
        {
            get
            {
                var isText = Int(Batch.RecordMessageKind) == (int)MessageKind.Utf8;
                return new Message(isText, Data, unchecked((ulong)Marshal.ReadInt64(at, Batch.RecordMessageId)));
            }
        }

        internal void Begin(IntPtr batch)
        {
            if (Marshal.ReadInt32(batch) != Batch.BatchVersion)
            {
                throw new InvalidOperationException("cryo: the library's batches have another layout than this package knows");
            }
            left = Marshal.ReadInt32(batch, Batch.BatchCount);
            next = IntPtr.Add(batch, Marshal.ReadInt32(batch, Batch.BatchFirst));
        }

        /// <summary>Steps to the next event; false: there is none.</summary>
        internal bool Next()
        {
            if (left-- == 0)
            {
                return false;
            }
            at = next;
            next = IntPtr.Add(at, (int)Marshal.ReadInt64(at));
            return true;
        }

        private int Int(int offset)
        {
            return Marshal.ReadInt32(at, offset);
        }

        private byte[] Copy(int offset, int length)
        {
            var bytes = new byte[length];
            Marshal.Copy(IntPtr.Add(at, offset), bytes, 0, length);
            return bytes;
        }
    }
}
