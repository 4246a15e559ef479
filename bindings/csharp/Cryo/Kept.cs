using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading;

namespace Cryo
{
    /// <summary>A cryo_finalizer.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void FinalizerFunction(IntPtr user);

    /// <summary>A cryo_log_fn.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void LogFunction(int level, IntPtr message, IntPtr user);

    /// <summary>A cryo_extension_fn.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void ExtensionFunction(IntPtr name, IntPtr user);

    /// <summary>Objects that the library keeps for us, by number, until it says that it needs them no longer.</summary>
    internal static class Kept
    {
        internal static readonly FinalizerFunction Finalizer = Finalized;

        private static readonly ConcurrentDictionary<IntPtr, object> Objects = new ConcurrentDictionary<IntPtr, object>();
        private static long last;

        internal static IntPtr Keep(object value)
        {
            var number = (IntPtr)Interlocked.Increment(ref last);
            Objects[number] = value;
            return number;
        }

        internal static object Get(IntPtr number)
        {
            object value;
            return Objects.TryGetValue(number, out value) ? value : null;
        }

        internal static void Drop(IntPtr number)
        {
            object value;
            Objects.TryRemove(number, out value);
        }

        private static void Finalized(IntPtr number)
        {
            LibraryThread.Enter();
            Drop(number);
        }
    }
}
