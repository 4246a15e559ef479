using System;
using Cryo;

/// <summary>Sends each message back, and prints its port: a program of bench/languages.</summary>
public static class Echo
{
    public static void Main()
    {
        using (var server = new Server(new ServerOptions { Port = 0 }, token => true))
        {
            server.Listening += (host, port) => Console.WriteLine(port);
            server.MessageReceived += (session, message) => session.Send(message);
            server.Run();
        }
    }
}
