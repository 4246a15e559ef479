using System;
using System.Collections.Generic;

namespace Cryo
{
    /// <summary>What the options of servers and clients have in common: they are told to the library when they are used.</summary>
    public abstract class Options
    {
        private readonly List<Func<Handle, int>> added = new List<Func<Handle, int>>();

        internal Options()
        {
        }

        internal void Add(Func<Handle, int> setting)
        {
            added.Add(setting);
        }

        internal void ApplyTo(Handle handle)
        {
            ApplyProperties(handle);
            foreach (var each in added)
            {
                Tell(each(handle));
            }
        }

        internal abstract void ApplyProperties(Handle handle);

        internal static void Tell(int status)
        {
            CryoException.Check(status);
        }

        internal static UIntPtr Size(byte[] bytes)
        {
            return (UIntPtr)(bytes == null ? 0 : bytes.Length);
        }
    }
}
