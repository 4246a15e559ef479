using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;

/// <summary>What the tests have in common: a list of them, and waiting for what is awaited.</summary>
internal static class Check
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static int Failures { get; private set; }

    internal static void Test(string name, Action body)
    {
        if (!name.Contains(Environment.GetEnvironmentVariable("ONLY") ?? ""))
        {
            return;
        }
        try
        {
            body();
            Console.WriteLine(name + ": ok");
        }
        catch (Exception error)
        {
            Failures++;
            Console.WriteLine(name + ": FAILED\n" + error);
        }
    }

    internal static void Equal<T>(T wanted, T got)
    {
        if (!Equals(wanted, got))
        {
            throw new InvalidOperationException("wanted " + wanted + ", got " + got);
        }
    }

    internal static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException("not so: " + what);
        }
    }

    internal static T Throwing<T>(Action body)
        where T : Exception
    {
        try
        {
            body();
        }
        catch (T error)
        {
            return error;
        }
        throw new InvalidOperationException("nothing was thrown, wanted " + typeof(T));
    }

    internal static T InTime<T>(Task<T> task)
    {
        That(task.Wait(Patience), "it comes in time");
        return task.Result;
    }

    /// <summary>What is put there by other threads.</summary>
    internal sealed class Seen<T>
    {
        private readonly BlockingCollection<T> items = new BlockingCollection<T>();

        internal bool IsEmpty
        {
            get { return items.Count == 0; }
        }

        internal void Put(T item)
        {
            items.Add(item);
        }

        internal T Next()
        {
            T item;
            That(items.TryTake(out item, Patience), "it comes");
            return item;
        }
    }
}
