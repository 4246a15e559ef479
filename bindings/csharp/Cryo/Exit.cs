using System;
using System.Collections.Concurrent;

namespace Cryo
{
    /// <summary>The end of the program: what runs still is closed, and no thread of ours is in the library any more. Mono waits for
    /// such threads, background or not.</summary>
    internal static class Exit
    {
        private const int PatienceMs = 10000;

        private static readonly ConcurrentDictionary<Endpoint, bool> Running = new ConcurrentDictionary<Endpoint, bool>();

        static Exit()
        {
            AppDomain.CurrentDomain.ProcessExit += (sender, arguments) => Run();
        }

        internal static void Add(Endpoint endpoint)
        {
            Running[endpoint] = true;
        }

        internal static void Remove(Endpoint endpoint)
        {
            bool value;
            Running.TryRemove(endpoint, out value);
        }

        private static void Run()
        {
            var left = Running.Keys;
            foreach (var each in left)
            {
                each.BeginClose();
            }
            foreach (var each in left)
            {
                each.JoinAtExit(PatienceMs);
            }
            Log.AtExit();
        }
    }
}
