using System;
using System.Runtime.InteropServices;

namespace Cryo
{
    /// <summary>
    /// What a thread of the library's must do first when it comes here. Mono's collector stops the threads that it has seen by signals, and
    /// waits for ever for one that blocks them all, as the library's do.
    /// </summary>
    internal static class LibraryThread
    {
        private const int Unblock = 1;
        private const int BytesOfSet = 128;

        private static readonly bool IsMono = Type.GetType("Mono.Runtime") != null;

        [ThreadStatic]
        private static bool prepared;

        internal static void Enter()
        {
            if (!IsMono || prepared)
            {
                return;
            }
            prepared = true;
            // SIGXCPU, SIGPWR, and the real-time signals: a bit each, from 1 on.
            var set = new byte[BytesOfSet];
            BitConverter.GetBytes((1UL << 23) | (1UL << 29) | (~0UL << 33)).CopyTo(set, 0);
            pthread_sigmask(Unblock, set, IntPtr.Zero);
        }

        [DllImport("libpthread.so.0", CallingConvention = CallingConvention.Cdecl)]
        private static extern int pthread_sigmask(int how, byte[] set, IntPtr old);
    }
}
