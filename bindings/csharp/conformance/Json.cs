using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

/// <summary>The JSON that the protocol of drivers needs: objects, lists, texts, numbers, truth values.</summary>
internal sealed class Json
{
    private readonly string text;
    private int at;

    private Json(string text)
    {
        this.text = text;
    }

    internal static Dictionary<string, object> Parse(string line)
    {
        return (Dictionary<string, object>)new Json(line).Value();
    }

    internal static string Write(object value)
    {
        var result = new StringBuilder();
        Write(value, result);
        return result.ToString();
    }

    private static void Write(object value, StringBuilder result)
    {
        if (value is string)
        {
            Quote((string)value, result);
        }
        else if (value is IDictionary)
        {
            var separator = "{";
            foreach (DictionaryEntry each in (IDictionary)value)
            {
                result.Append(separator);
                Write(each.Key, result);
                result.Append(": ");
                Write(each.Value, result);
                separator = ", ";
            }
            result.Append(separator == "{" ? "{}" : "}");
        }
        else if (value is IEnumerable)
        {
            var separator = "[";
            foreach (var each in (IEnumerable)value)
            {
                result.Append(separator);
                Write(each, result);
                separator = ", ";
            }
            result.Append(separator == "[" ? "[]" : "]");
        }
        else if (value is bool)
        {
            result.Append((bool)value ? "true" : "false");
        }
        else
        {
            result.Append(value == null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture));
        }
    }

    private static void Quote(string text, StringBuilder result)
    {
        result.Append('"');
        foreach (var each in text)
        {
            if (each == '"' || each == '\\')
            {
                result.Append('\\').Append(each);
            }
            else if (each < ' ' || each > '~')
            {
                result.Append("\\u").Append(((int)each).ToString("x4"));
            }
            else
            {
                result.Append(each);
            }
        }
        result.Append('"');
    }

    private object Value()
    {
        var first = Next();
        switch (first)
        {
            case '{':
                return Object();
            case '[':
                return List();
            case '"':
                return String();
            default:
                return Word();
        }
    }

    /// <summary>The next character that is no space.</summary>
    private char Next()
    {
        while (" ,:".IndexOf(text[at]) >= 0)
        {
            at++;
        }
        return text[at++];
    }

    private Dictionary<string, object> Object()
    {
        var found = new Dictionary<string, object>();
        while (Next() != '}')
        {
            var name = String();
            found[name] = Value();
        }
        return found;
    }

    private List<object> List()
    {
        var found = new List<object>();
        while (Next() != ']')
        {
            at--;
            found.Add(Value());
        }
        return found;
    }

    private string String()
    {
        var result = new StringBuilder();
        while (true)
        {
            var each = text[at++];
            if (each == '"')
            {
                return result.ToString();
            }
            result.Append(each == '\\' ? Escaped() : each);
        }
    }

    private char Escaped()
    {
        var each = text[at++];
        if (each == 'u')
        {
            at += 4;
            return (char)int.Parse(text.Substring(at - 4, 4), NumberStyles.HexNumber);
        }
        var known = "bfnrt".IndexOf(each);
        return known < 0 ? each : "\b\f\n\r\t"[known];
    }

    private object Word()
    {
        var from = at - 1;
        while (at < text.Length && ",]} ".IndexOf(text[at]) < 0)
        {
            at++;
        }
        var word = text.Substring(from, at - from);
        if (word == "null")
        {
            return null;
        }
        if (word == "true" || word == "false")
        {
            return word == "true";
        }
        long number;
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? number
            : (object)decimal.Parse(word, CultureInfo.InvariantCulture); // the id of a message may be larger than a long
    }
}
