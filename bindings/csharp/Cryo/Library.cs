using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Cryo
{
    /// <summary>What concerns the library itself, and what belongs to no one server.</summary>
    public static class Library
    {
        /// <summary>The version of the library that is loaded, "0.1.0" for example.</summary>
        public static string Version
        {
            get { return Text.At(Loaded(() => Abi.cryo_version_string())); }
        }

        /// <summary>The number that the library's interface has; it is the one that this package was made for.</summary>
        public static int AbiVersion
        {
            get { return (int)Loaded(() => Abi.cryo_abi_version()); }
        }

        /// <summary>What the library was built with and runs on, for bug reports.</summary>
        public static string BuildInfo
        {
            get { return Text.At(Loaded(() => Abi.cryo_build_info())); }
        }

        /// <summary>The name of a status in cryo.h, "CRYO_ERR_CLOSED" for example.</summary>
        public static string StatusName(Status status)
        {
            return Text.At(Loaded(() => Abi.cryo_status_name((int)status)));
        }

        /// <summary>
        /// How much the library logs, and where: a function that is called from any thread, one call at a time, and must not call this one;
        /// null: standard error. Mono can have no function (Status.Unsupported). At the start: LogLevel.Warning, on standard error.
        /// </summary>
        public static void SetLog(LogLevel level, Action<LogLevel, string> function = null)
        {
            LibraryFinder.Load();
            Log.Set(level, function);
        }

        /// <summary>Sends one message to many sessions; it is copied once. What each says, in their order: Status.Ok, or why not.</summary>
        public static Status[] SendAll(IReadOnlyList<Session> sessions, Message message)
        {
            var handles = new IntPtr[sessions.Count];
            for (var at = 0; at < handles.Length; at++)
            {
                handles[at] = sessions[at].Raw;
            }
            var statuses = new int[handles.Length];
            UIntPtr sent;
            if (handles.Length > 0)
            {
                CryoException.Check(Abi.cryo_sessions_send(handles, (UIntPtr)handles.Length, (int)message.Kind, message.Data,
                    message.Size, statuses, out sent));
            }
            return Array.ConvertAll(statuses, each => (Status)each);
        }

        private static T Loaded<T>(Func<T> function)
        {
            LibraryFinder.Load();
            return function();
        }
    }

    /// <summary>Where the library's log goes, for the whole process.</summary>
    internal static class Log
    {
        private static readonly object Gate = new object();
        private static readonly LogFunction Function = Told;
        private static readonly IntPtr Pointer = Marshal.GetFunctionPointerForDelegate(Function);
        private static volatile Action<LogLevel, string> to;

        internal static void Set(LogLevel level, Action<LogLevel, string> function)
        {
            if (function != null && Kept.OnMono) // see Kept
            {
                throw CryoException.Of(Status.Unsupported, "Mono cannot be called for the log; it goes to standard error");
            }
            lock (Gate)
            {
                to = function ?? to;
                CryoException.Check(Abi.cryo_set_log((int)level, function == null ? IntPtr.Zero : Pointer, IntPtr.Zero, IntPtr.Zero));
                to = function;
            }
        }

        /// <summary>The runtime ends: no thread of the library's may come here any more.</summary>
        internal static void AtExit()
        {
            if (to != null)
            {
                Abi.cryo_set_log((int)LogLevel.Warning, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero);
            }
        }

        private static void Told(int level, IntPtr message, IntPtr user)
        {
            try
            {
                var function = to;
                if (function != null)
                {
                    function((LogLevel)level, Text.At(message));
                }
            }
            catch (Exception error) // it must not reach the library
            {
                Console.Error.WriteLine("cryo: exception in the log function: " + error);
            }
        }
    }
}
