using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cryo
{
    /// <summary>
    /// Finds and opens libcryo: what the environment variable CRYO_LIBRARY names, then the one beside this assembly, then the
    /// system's. It stays loaded for as long as the process lives. The functions are bound by the name that the library has for
    /// itself, and the loader gives that name to the file that is open already.
    /// </summary>
    internal static class LibraryFinder
    {
        private const int Now = 2;
        private const string Help =
            " Install libcryo, or set the environment variable CRYO_LIBRARY to the path of the library file (" + Abi.File + ").";

        private static readonly object Gate = new object();
        private static bool loaded;

        /// <summary>
        /// To be called before anything of the library's is used, by what is made first. Not in the same method as a delegate of one of its
        /// functions: Mono binds that when it compiles the method. Nor a static constructor of <see cref="Abi"/>: Mono runs none for a
        /// function that is called by a delegate, and its exceptions would come wrapped.
        /// </summary>
        internal static void Load()
        {
            lock (Gate)
            {
                if (!loaded)
                {
                    LoadOnce();
                    loaded = true;
                }
            }
        }

        private static void LoadOnce()
        {
            var named = Environment.GetEnvironmentVariable("CRYO_LIBRARY");
            var name = string.IsNullOrEmpty(named) ? Carried() ?? Abi.File : named;
            IntPtr opened;
            string complaint;
            if (!Open(name, out opened, out complaint))
            {
                var what = string.IsNullOrEmpty(named)
                    ? "libcryo was not found"
                    : "CRYO_LIBRARY is \"" + named + "\", which cannot be loaded";
                throw new DllNotFoundException("cryo: " + what + ": " + complaint + "." + Help);
            }
            // Looked for in that very file: the name that the functions are bound by may lead to another one, which is installed.
            if (opened != IntPtr.Zero && dlsym(opened, Text.Of("cryo_abi_version")) == IntPtr.Zero)
            {
                throw new DllNotFoundException("cryo: " + name + " is not libcryo: it has no cryo_abi_version." + Help);
            }
            var found = Version();
            if (found != Abi.Version)
            {
                throw new DllNotFoundException("cryo: " + name + " has ABI version " + found + "; this package needs "
                    + Abi.Version + ". Install the package and the library of the same release.");
            }
        }

        /// <summary>The file that lies beside this assembly, or where a package has those for this system; null: none.</summary>
        private static string Carried()
        {
            var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
            if (string.IsNullOrEmpty(folder))
            {
                return null; // a program in one file: its host knows where its libraries are
            }
            var machine = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            foreach (var each in new[] { Abi.File, Path.Combine("runtimes", "linux-" + machine, "native", Abi.File) })
            {
                var path = Path.Combine(folder, each);
                if (File.Exists(path))
                {
                    return path;
                }
            }
            return null;
        }

        private static bool Open(string name, out IntPtr opened, out string complaint)
        {
            opened = IntPtr.Zero;
            complaint = "";
            try
            {
                dlerror(); // binds it: to find it later would take the complaint away
                opened = dlopen(Text.Of(name), Now);
                if (opened != IntPtr.Zero)
                {
                    return true;
                }
                complaint = Text.At(dlerror());
                return false;
            }
            catch (Exception error) when (error is EntryPointNotFoundException || error is DllNotFoundException)
            {
                return true; // no such system: the runtime's own search decides
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static uint Version()
        {
            return cryo_abi_version();
        }

        [DllImport(Abi.File, CallingConvention = CallingConvention.Cdecl)]
        private static extern uint cryo_abi_version();

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr dlopen(byte[] name, int flags);

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr dlsym(IntPtr library, byte[] name);

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr dlerror();
    }
}
