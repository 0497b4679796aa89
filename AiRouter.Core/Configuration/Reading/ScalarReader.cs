using System.Globalization;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration.Reading;

/// <summary>Makes values of a record from the texts of the document.</summary>
internal static class ScalarReader
{
    /// <summary>The value, or null when the text is none of the wanted type.</summary>
    public static object? Read(string text, ScalarShape shape) => shape.Type switch
    {
        { IsEnum: true } type => EnumNames.Parse(type, text),
        var type when type == typeof(bool) => bool.TryParse(text, out var value) ? value : null,
        var type when type == typeof(int) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null,
        var type when type == typeof(long) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null,
        var type when type == typeof(ulong) =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null,
        var type when type == typeof(double) => ReadNumber(text),
        var type when type == typeof(decimal) =>
            decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
        var type when type == typeof(Uri) => Uri.TryCreate(text, UriKind.Absolute, out var value) ? value : null,
        var type when type == typeof(DateTimeOffset) => ReadMoment(text),
        _ => text,
    };

    private static double? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

    // What has no time zone is UTC, and a date is its first moment.
    private static DateTimeOffset? ReadMoment(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var value)
            ? value
            : null;
}
