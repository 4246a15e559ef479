using System;
using System.Linq;
using System.Reflection;
using Cryo;

/// <summary>Each option alone, with a value that may be wrong: the library takes it, or says why not.</summary>
internal static class EachOption
{
    private static int taken;

    internal static void Try()
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var type in new[] { typeof(ServerOptions), typeof(ClientOptions) })
        {
            foreach (var property in type.GetProperties(Own))
            {
                Try(type, options => property.SetValue(options, Anything(property.PropertyType), null));
            }
            foreach (var method in type.GetMethods(Own).Where(each => !each.IsSpecialName))
            {
                var values = method.GetParameters().Select(each => Anything(each.ParameterType)).ToArray();
                Try(type, options => Check.That(method.Invoke(options, values) == options, "it can be chained"));
            }
        }
        Check.That(taken > 60, "most are taken: " + taken);
    }

    private static void Try(Type type, Action<object> set)
    {
        object options = type == typeof(ServerOptions)
            ? (object)new ServerOptions()
            : new ClientOptions { Url = "ws://a", Token = "t" };
        set(options);
        try
        {
            if (options is ServerOptions)
            {
                new Server((ServerOptions)options, token => true);
            }
            else
            {
                new Client((ClientOptions)options);
            }
            taken++;
        }
        catch (CryoException error)
        {
            Check.Equal(Status.Invalid, error.Status);
        }
    }

    private static object Anything(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(1);
        }
        if (type == typeof(bool))
        {
            return true;
        }
        if (type == typeof(string))
        {
            return "x";
        }
        if (type == typeof(byte[]))
        {
            return new byte[] { 1, 2, 3 };
        }
        return type == typeof(Guid) ? Guid.NewGuid() : Convert.ChangeType(2000, type);
    }
}
