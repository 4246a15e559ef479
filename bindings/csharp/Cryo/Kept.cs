using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Cryo
{
    /// <summary>A cryo_finalizer.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void FinalizerFunction(IntPtr user);

    /// <summary>A cryo_log_fn.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void LogFunction(int level, IntPtr message, IntPtr user);

    /// <summary>
    /// Objects that the library keeps for us, until it says by a finalizer that it needs them no longer.
    ///
    /// Mono must not be called for that. Its collector stops the threads that it knows by signals, which the library's threads block, and
    /// would wait for them for ever. So there the finalizer is sem_post of the C library, each object has a semaphore, and the
    /// threads of events look which of them are up.
    /// </summary>
    internal static class Kept
    {
        internal static readonly bool OnMono = Type.GetType("Mono.Runtime") != null;

        private const int BytesOfSemaphore = 64;

        private static readonly ConcurrentDictionary<IntPtr, object> Objects = new ConcurrentDictionary<IntPtr, object>();
        private static readonly FinalizerFunction Function = Drop;

        /// <summary>What the library is to call, with what Keep has given.</summary>
        internal static readonly IntPtr Finalizer = OnMono
            ? dlsym(IntPtr.Zero, Text.Of("sem_post"))
            : Marshal.GetFunctionPointerForDelegate(Function);

        internal static IntPtr Keep(object value)
        {
            var place = Marshal.AllocHGlobal(BytesOfSemaphore);
            if (OnMono)
            {
                sem_init(place, 0, 0);
            }
            Objects[place] = value;
            return place;
        }

        internal static object Get(IntPtr place)
        {
            object value;
            return Objects.TryGetValue(place, out value) ? value : null;
        }

        /// <summary>The library has not taken it.</summary>
        internal static object Forget(IntPtr place)
        {
            object value;
            if (Objects.TryRemove(place, out value))
            {
                Marshal.FreeHGlobal(place);
            }
            return value;
        }

        /// <summary>It is needed no longer.</summary>
        private static void Drop(IntPtr place)
        {
            var added = Forget(place) as Extension;
            if (added != null)
            {
                added.TellUnregistered();
            }
        }

        /// <summary>To be called now and then.</summary>
        internal static void Sweep()
        {
            if (!OnMono)
            {
                return;
            }
            foreach (var each in Objects)
            {
                if (sem_trywait(each.Key) == 0)
                {
                    Drop(each.Key);
                }
            }
        }

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr dlsym(IntPtr library, byte[] name);

        [DllImport("libpthread.so.0", CallingConvention = CallingConvention.Cdecl)]
        private static extern int sem_init(IntPtr place, int shared, uint value);

        [DllImport("libpthread.so.0", CallingConvention = CallingConvention.Cdecl)]
        private static extern int sem_trywait(IntPtr place);
    }
}
