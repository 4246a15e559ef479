using System;
using System.Reflection;
using System.Threading;

namespace Cryo
{
    /// <summary>
    /// SIGINT and SIGTERM for a program that is to end in its own time: by what .NET 6 and later have for them, or by Mono.Posix where that is
    /// installed, found by their names since .NET Standard 2.0 has neither; else Ctrl-C alone, as Console has it.
    /// </summary>
    internal sealed class StopSignals : IDisposable
    {
        private const int SliceMs = 200;
        private const string MonoPosix = ", Mono.Posix, Version=4.0.0.0, Culture=neutral, PublicKeyToken=0738eb9f132ed756";
        private const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic;

        private readonly Action stop;
        private Action end;
        private volatile bool over;

        internal StopSignals(Action stop)
        {
            this.stop = stop;
            if (!ByRuntime() && !ByMono())
            {
                ConsoleCancelEventHandler pressed = (sender, arguments) =>
                {
                    arguments.Cancel = true;
                    stop();
                };
                Console.CancelKeyPress += pressed;
                end = () => Console.CancelKeyPress -= pressed;
            }
        }

        public void Dispose()
        {
            over = true;
            end();
        }

        private bool ByRuntime()
        {
            const string Place = ", System.Runtime.InteropServices";
            var registration = Type.GetType("System.Runtime.InteropServices.PosixSignalRegistration" + Place);
            var signal = Type.GetType("System.Runtime.InteropServices.PosixSignal" + Place);
            var context = Type.GetType("System.Runtime.InteropServices.PosixSignalContext" + Place);
            if (registration == null || signal == null || context == null)
            {
                return false;
            }
            var handler = GetType().GetMethod("Caught", Own).MakeGenericMethod(context)
                .CreateDelegate(typeof(Action<>).MakeGenericType(context), this);
            var create = registration.GetMethod("Create");
            var interrupt = (IDisposable)create.Invoke(null, new[] { Enum.Parse(signal, "SIGINT"), handler });
            var terminate = (IDisposable)create.Invoke(null, new[] { Enum.Parse(signal, "SIGTERM"), handler });
            end = () =>
            {
                interrupt.Dispose();
                terminate.Dispose();
            };
            return true;
        }

        /// <summary>On a thread of the runtime's.</summary>
        private void Caught<T>(T context)
        {
            typeof(T).GetProperty("Cancel").SetValue(context, true, null); // the program ends when its Main returns
            stop();
        }

        private bool ByMono()
        {
            var type = Type.GetType("Mono.Unix.UnixSignal" + MonoPosix);
            var number = Type.GetType("Mono.Unix.Native.Signum" + MonoPosix);
            if (type == null || number == null)
            {
                return false;
            }
            var signals = Array.CreateInstance(type, 2);
            signals.SetValue(Activator.CreateInstance(type, Enum.Parse(number, "SIGINT")), 0);
            signals.SetValue(Activator.CreateInstance(type, Enum.Parse(number, "SIGTERM")), 1);
            var waitAny = type.GetMethod("WaitAny", new[] { signals.GetType(), typeof(int) });
            var waiter = new Thread(() =>
            {
                while (!over)
                {
                    if ((int)waitAny.Invoke(null, new object[] { signals, SliceMs }) < signals.Length)
                    {
                        stop();
                    }
                }
                foreach (IDisposable each in signals)
                {
                    each.Dispose();
                }
            });
            waiter.IsBackground = true;
            waiter.Name = "cryo-signals";
            waiter.Start();
            end = waiter.Join;
            return true;
        }
    }
}
