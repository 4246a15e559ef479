using System;
using System.Collections.Concurrent;
using System.Collections.Generic;

namespace Cryo
{
    /// <content>The extensions of a server or client.</content>
    public abstract partial class Endpoint
    {
        private readonly List<Extension> added = new List<Extension>();
        private readonly ConcurrentDictionary<string, Extension> extensions = new ConcurrentDictionary<string, Extension>();

        /// <summary>Adds an extension behind those that are there, at any time. Status.Exists: one of that name is there.</summary>
        public void AddExtension(Extension extension)
        {
            lock (gate)
            {
                if (!started)
                {
                    added.Add(extension);
                    return;
                }
            }
            AddTo(Running, queue, extension);
        }

        /// <summary>Messages that come to it from now on pass by; tickets that are out still count. Status.NotFound: there is none.</summary>
        public void RemoveExtension(string name)
        {
            lock (gate)
            {
                if (!started && added.RemoveAll(each => each.Name == name) > 0)
                {
                    return;
                }
            }
            CryoException.Check(RemoveFrom(Running, Text.Of(name))); // its tickets may come still: it stays in the table
        }

        /// <summary>The extension of that name; null: none.</summary>
        public Extension FindExtension(string name)
        {
            if (!started)
            {
                return added.Find(each => each.Name == name);
            }
            IntPtr found;
            var status = FindIn(Running, Text.Of(name), out found);
            if (status == (int)Status.NotFound)
            {
                return null;
            }
            CryoException.Check(status);
            Abi.cryo_extension_free(found);
            Extension extension;
            return extensions.TryGetValue(name, out extension) ? extension : null;
        }

        private void AddTo(Handle made, Handle itsQueue, Extension extension)
        {
            using (var its = extension.Make(itsQueue))
            {
                Extension before;
                extensions.TryGetValue(extension.Name, out before);
                extensions[extension.Name] = extension; // its first ticket may come inside of the next call
                var status = AddTo(made, its);
                if (status != (int)Status.Ok)
                {
                    if (before != null)
                    {
                        extensions[extension.Name] = before;
                    }
                    else
                    {
                        extensions.TryRemove(extension.Name, out before);
                    }
                    CryoException.Check(status);
                }
            }
        }
    }
}
