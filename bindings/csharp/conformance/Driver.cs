using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Cryo;

/// <summary>Does what it is told by JSON lines, and tells what happens: see bindings/conformance/README.md.</summary>
public static class Driver
{
    /// <summary>Servers, clients, sessions and extensions, by name.</summary>
    internal static readonly ConcurrentDictionary<string, object> Objects = new ConcurrentDictionary<string, object>();

    private static readonly ConcurrentDictionary<string, object> Tickets = new ConcurrentDictionary<string, object>();
    private static readonly Stream Output = Console.OpenStandardOutput();
    private static int lastTicket;

    public static int Main()
    {
        // .NET ends a program that has an exception which nothing catches by SIGABRT, which is no crash of ours, but looks like one.
        var features = Type.GetType("Mono.Runtime") != null
            ? new[] { "threads", "collect", "throw" }
            : new[] { "threads", "collect" };
        Write(Map("driver", "csharp", "library", Library.Version, "features", features));
        var commands = new Commands();
        var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        for (var line = input.ReadLine(); line != null; line = input.ReadLine())
        {
            var command = Json.Parse(line);
            if ((string)command["do"] == "exit")
            {
                Environment.Exit((int)(long)command["code"]);
            }
            if ((string)command["do"] == "throw")
            {
                throw new InvalidOperationException("nothing catches this");
            }
            var answer = Map("id", command["id"]);
            try
            {
                foreach (var each in commands.CarryOut(command))
                {
                    answer[each.Key] = each.Value;
                }
            }
            catch (CryoException error)
            {
                answer["error"] = error.Name;
                answer["text"] = error.Text;
            }
            catch (Exception error)
            {
                answer["fault"] = error.ToString();
            }
            Write(answer);
        }
        return 0;
    }

    internal static void Tell(string name, string on, params object[] fields)
    {
        var told = Map("event", name, "on", on);
        foreach (var each in Map(fields))
        {
            told[each.Key] = each.Value;
        }
        Write(told);
    }

    internal static string NewTicket(object ticket)
    {
        var name = "t" + Interlocked.Increment(ref lastTicket);
        Tickets[name] = ticket;
        return name;
    }

    internal static object Ticket(Dictionary<string, object> command)
    {
        return Tickets[(string)command["ticket"]];
    }

    /// <summary>Of pairs: a name and a value.</summary>
    internal static Dictionary<string, object> Map(params object[] pairs)
    {
        var made = new Dictionary<string, object>();
        for (var at = 0; at < pairs.Length; at += 2)
        {
            made[(string)pairs[at]] = pairs[at + 1];
        }
        return made;
    }

    internal static Message Payload(Dictionary<string, object> of)
    {
        object value;
        if (of.TryGetValue("text", out value))
        {
            return new Message((string)value);
        }
        if (of.TryGetValue("fill", out value))
        {
            return new Message(Enumerable.Repeat((byte)(long)value, (int)(long)of["size"]).ToArray());
        }
        var hex = (string)of["hex"];
        return new Message(Enumerable.Range(0, hex.Length / 2).Select(at => Convert.ToByte(hex.Substring(2 * at, 2), 16)).ToArray());
    }

    /// <summary>A payload as an event tells it, and other fields.</summary>
    internal static object[] Shown(Message message, params object[] fields)
    {
        object[] payload;
        if (message.Data.Length > 1000)
        {
            payload = new object[] { "size", message.Data.Length, "sum", message.Data.Sum(each => (long)each) };
        }
        else if (message.IsText)
        {
            payload = new object[] { "text", message.Text };
        }
        else
        {
            payload = new object[] { "hex", string.Concat(message.Data.Select(each => each.ToString("x2"))) };
        }
        return payload.Concat(fields).ToArray();
    }

    private static void Write(Dictionary<string, object> line)
    {
        var bytes = Encoding.ASCII.GetBytes(Json.Write(line) + "\n");
        lock (Output)
        {
            Output.Write(bytes, 0, bytes.Length);
            Output.Flush();
        }
    }
}
