using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Cryo
{
    /// <summary>
    /// Sees the messages of all sessions of a server or client, before they are sent and after they were received. Give it a function for
    /// each kind of message that it shall see, then add it; it may be added to several. Extensions are asked in the order in which they were
    /// added. A function that throws has failed: the message is stopped then, unless <see cref="OnFailure"/> says otherwise.
    /// </summary>
    public sealed class Extension
    {
        private readonly Dictionary<Tuple<Direction, MessageKind>, Func<Hook, Task>> functions =
            new Dictionary<Tuple<Direction, MessageKind>, Func<Hook, Task>>();

        /// <summary><paramref name="name"/>, of 1 to 255 bytes, is what it is known by.</summary>
        public Extension(string name)
        {
            Name = name;
        }

        /// <summary>It was removed, or what it was added to has ended, and no message is in its hands any more; on any thread.</summary>
        public event Action Unregistered;

        /// <summary>What it is known by.</summary>
        public string Name { get; private set; }

        /// <summary>How long a ticket may be out, in milliseconds. Default 5000, 1 at least.</summary>
        public uint? TimeoutMs { get; set; }

        /// <summary>What becomes of a message whose function has failed. Default Stop; Pass is for what only looks.</summary>
        public Verdict? OnFailure { get; set; }

        /// <summary>Who is asked about texts and bytes of this direction, on the thread of the events. Answer on the ticket, now or
        /// later.</summary>
        public Extension On(Direction direction, Action<Hook> function)
        {
            return On(direction, MessageKind.Utf8, function).On(direction, MessageKind.Binary, function);
        }

        /// <summary>The same for an asynchronous function; one whose task fails has failed.</summary>
        public Extension On(Direction direction, Func<Hook, Task> function)
        {
            return On(direction, MessageKind.Utf8, function).On(direction, MessageKind.Binary, function);
        }

        /// <summary>Who is asked about messages of this direction and kind; those of others pass.</summary>
        public Extension On(Direction direction, MessageKind kind, Action<Hook> function)
        {
            return On(direction, kind, hook =>
            {
                function(hook);
                return null;
            });
        }

        /// <summary>The same for an asynchronous function.</summary>
        public Extension On(Direction direction, MessageKind kind, Func<Hook, Task> function)
        {
            functions[Tuple.Create(direction, kind)] = function;
            return this;
        }

        /// <summary>The library's extension whose tickets come out of this queue.</summary>
        internal Handle Make(Handle queue)
        {
            var number = Kept.Keep(this);
            Handle made;
            try
            {
                made = Handle.Make(
                    (out IntPtr result) => Abi.cryo_extension_new(Text.Of(Name), number, Kept.Finalizer, out result),
                    Abi.cryo_extension_free);
            }
            catch (CryoException)
            {
                Kept.Forget(number);
                throw;
            }
            try
            {
                foreach (var each in functions.Keys)
                {
                    CryoException.Check(Abi.cryo_extension_set_queue(made, (int)each.Item1, (int)each.Item2, queue));
                }
                if (TimeoutMs != null)
                {
                    CryoException.Check(Abi.cryo_extension_set_timeout_ms(made, TimeoutMs.Value));
                }
                if (OnFailure != null)
                {
                    CryoException.Check(Abi.cryo_extension_set_on_failure(made, (int)OnFailure.Value));
                }
                return made;
            }
            catch (Exception)
            {
                made.Dispose();
                throw;
            }
        }

        internal Task Decide(Hook hook)
        {
            Func<Hook, Task> function;
            if (functions.TryGetValue(Tuple.Create(hook.Direction, hook.Message.Kind), out function))
            {
                return function(hook);
            }
            hook.Pass();
            return null;
        }

        /// <summary>The library has let go of one that Make has made: it was removed, and no message is in its hands.</summary>
        internal void TellUnregistered()
        {
            try
            {
                Unregistered?.Invoke();
            }
            catch (Exception error) // it must not reach the library
            {
                Console.Error.WriteLine("cryo: exception in Extension.Unregistered: " + error);
            }
        }
    }
}
