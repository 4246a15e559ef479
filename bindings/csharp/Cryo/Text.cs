using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Cryo
{
    /// <summary>Text and ids, as the library takes and gives them.</summary>
    internal static class Text
    {
        internal delegate int Reader(byte[] buffer, UIntPtr capacity, out UIntPtr length);

        private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false, false);

        /// <summary>UTF-8 with a NUL behind it; null for null.</summary>
        internal static byte[] Of(string text)
        {
            if (text == null)
            {
                return null;
            }
            if (text.IndexOf('\0') >= 0)
            {
                throw new ArgumentException("a text for the library must have no NUL in it");
            }
            var bytes = new byte[Utf8.GetByteCount(text) + 1];
            Utf8.GetBytes(text, 0, text.Length, bytes, 0);
            return bytes;
        }

        /// <summary>The same for a text that may have anything in it, as the reason of an error: cut at a NUL.</summary>
        internal static byte[] Cut(string text)
        {
            var end = text == null ? -1 : text.IndexOf('\0');
            return Of(end < 0 ? text : text.Substring(0, end));
        }

        /// <summary>UTF-8 without an end.</summary>
        internal static byte[] Encode(string text)
        {
            return Utf8.GetBytes(text);
        }

        internal static string Decode(byte[] bytes)
        {
            return Utf8.GetString(bytes);
        }

        /// <summary>A text that ends with a NUL.</summary>
        internal static string At(IntPtr address)
        {
            if (address == IntPtr.Zero)
            {
                return "";
            }
            var length = 0;
            while (Marshal.ReadByte(address, length) != 0)
            {
                length++;
            }
            var bytes = new byte[length];
            Marshal.Copy(address, bytes, 0, length);
            return Decode(bytes);
        }

        internal static string Read(Reader reader)
        {
            UIntPtr length;
            var buffer = new byte[256];
            var status = reader(buffer, (UIntPtr)buffer.Length, out length);
            while (status == (int)Status.Buffer) // again if it grew meanwhile
            {
                buffer = new byte[(int)length + 1];
                status = reader(buffer, (UIntPtr)buffer.Length, out length);
            }
            CryoException.Check(status);
            return Utf8.GetString(buffer, 0, (int)length);
        }

        /// <summary>The same; null where there is no such thing.</summary>
        internal static string Find(Reader reader)
        {
            try
            {
                return Read(reader);
            }
            catch (CryoException error) when (error.Status == Status.NotFound)
            {
                return null;
            }
        }

        /// <summary>In the order of the text, which is not the one of Guid.ToByteArray.</summary>
        internal static byte[] BytesOf(Guid id)
        {
            return Swapped(id.ToByteArray());
        }

        internal static Guid IdOf(byte[] bytes)
        {
            return new Guid(Swapped(bytes));
        }

        private static byte[] Swapped(byte[] bytes)
        {
            var result = (byte[])bytes.Clone();
            Array.Reverse(result, 0, 4);
            Array.Reverse(result, 4, 2);
            Array.Reverse(result, 6, 2);
            return result;
        }
    }
}
