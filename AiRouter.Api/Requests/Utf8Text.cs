using System.Globalization;
using System.Text.Unicode;

namespace AiRouter.Api.Requests;

/// <summary>What the JSON reader does not look at in strings that it skips: encoding and surrogates (R43).</summary>
internal static class Utf8Text
{
    /// <summary>What is wrong with the text of a JSON body, or null.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return "it is not valid UTF-8";
        }

        return HasLoneSurrogate(json) ? "it has a lone surrogate escape" : null;
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<byte> json)
    {
        // A backslash in JSON stands only in a string and always with the character behind it, so jumping from one to the
        // next cannot lose step. Vectorised: a body without escapes costs one pass over memory.
        while (true)
        {
            var at = json.IndexOf((byte)'\\');
            if (at < 0 || at + 1 >= json.Length)
            {
                return false;
            }

            json = json[at..];
            if (!TryReadEscape(json, out var unit))
            {
                json = json[2..];
                continue;
            }

            json = json[6..];
            if (char.IsLowSurrogate(unit))
            {
                return true;
            }

            if (!char.IsHighSurrogate(unit))
            {
                continue;
            }

            if (!TryReadEscape(json, out var low) || !char.IsLowSurrogate(low))
            {
                return true;
            }

            json = json[6..];
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> at, out char unit)
    {
        unit = default;
        if (at.Length < 6 || at[0] != '\\' || at[1] != 'u' ||
            !ushort.TryParse(at.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
