using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Python's <c>json.loads</c>.</summary>
internal static class JsonReading
{
    // Python's own limit: the time to read a number grows with the square of its digits.
    private const int MostDigits = 4300;

    public static JinjaValue Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => JinjaValue.From(Text(element)),
        JsonValueKind.Number => Number(JsonMarshal.GetRawUtf8Value(element)),
        JsonValueKind.True => JinjaValue.True,
        JsonValueKind.False => JinjaValue.False,
        JsonValueKind.Array => Array(element),
        JsonValueKind.Object => Object(element),
        JsonValueKind.Null => JinjaValue.None,
        _ => default,
    };

    private static JinjaValue Array(JsonElement element)
    {
        // The reader's own limit on depth (64 unless set) bounds this recursion; a larger one meets this.
        Comparison.RequireStack();
        var items = new JinjaValue[element.GetArrayLength()];
        var i = 0;
        foreach (var item in element.EnumerateArray())
        {
            items[i++] = Read(item);
        }

        return JinjaValue.List(items);
    }

    private static JinjaValue Object(JsonElement element)
    {
        Comparison.RequireStack();
        var dict = new JinjaDict(element.GetPropertyCount());
        foreach (var property in element.EnumerateObject())
        {
            dict.Set(Name(property), Read(property.Value));
        }

        return JinjaValue.From(dict);
    }

    private static JinjaValue Number(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0)
        {
            return JinjaValue.From(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small))
        {
            return JinjaValue.From(small);
        }

        if (text.Length > MostDigits + 1)
        {
            throw JinjaValueException.ValueError($"a number in the JSON has more than {MostDigits} digits");
        }

        return JinjaValue.From(BigInteger.Parse(
            Encoding.ASCII.GetString(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair as an escape: Python takes it, System.Text.Json does not.
            return Unescape(JsonMarshal.GetRawUtf8Value(element)[1..^1]);
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Unescape(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }

    private static string Unescape(ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json);
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            switch (text[i])
            {
                case 'u':
                    result.Append((char)ushort.Parse(
                        text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                case var escape:
                    result.Append(escape switch
                    {
                        'b' => '\b',
                        'f' => '\f',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        _ => escape,
                    });
                    break;
            }
        }

        return result.ToString();
    }
}
