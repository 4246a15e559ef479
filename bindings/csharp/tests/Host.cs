using System;
using System.IO;
using System.Reflection;

/// <summary>
/// Starts a program of ours in a .NET that was made for another one: its runtime calls this before the Main of its own, as
/// DOTNET_STARTUP_HOOKS says. The program is what HOST_PROGRAM names; its arguments are the lines of HOST_ARGUMENTS.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        var path = Environment.GetEnvironmentVariable("HOST_PROGRAM");
        var folder = Path.GetDirectoryName(path);
        AppDomain.CurrentDomain.AssemblyResolve += (sender, wanted) =>
        {
            var file = Path.Combine(folder, new AssemblyName(wanted.Name).Name + ".dll");
            return File.Exists(file) ? Assembly.LoadFrom(file) : null;
        };
        var main = Assembly.LoadFrom(path).EntryPoint;
        var lines = Environment.GetEnvironmentVariable("HOST_ARGUMENTS") ?? "";
        var arguments = lines.Split(new[] { '\n' }, StringSplitOptions.RemoveEmptyEntries);
        var result = main.Invoke(null, main.GetParameters().Length == 0 ? null : new object[] { arguments });
        Environment.Exit(result is int ? (int)result : 0);
    }
}
