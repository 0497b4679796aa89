using System.Globalization;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// A release of Triton's container: what the server calls itself, and what its vLLM backend has. The version of the
/// server follows from the month, with 25.07 a correction of 25.06.
/// </summary>
internal sealed class TritonRelease
{
    /// <summary>guided_decoding came into the vLLM backend.</summary>
    private const int GuidedDecoding = 2501;

    /// <summary>structured_outputs took its place, with a vLLM that words some errors in another way.</summary>
    public const int StructuredOutputs = 2511;

    private TritonRelease(int number)
    {
        Number = number;
    }

    /// <summary>Year and month: 2506.</summary>
    public int Number { get; }

    /// <summary>What sampling_parameters call a guide; null when the backend knows none.</summary>
    public string? GuideMember => Number switch
    {
        >= StructuredOutputs => "structured_outputs",
        >= GuidedDecoding => "guided_decoding",
        _ => null,
    };

    /// <summary>The server's version: 2.59.0.</summary>
    public string ServerVersion => (Number / 100, Number % 100) switch
    {
        (24, var month) => Version(41 + month),
        (25, 7) => "2.59.1",
        (25, var month and < 7) => Version(53 + month),
        (25, var month) => Version(52 + month),
        var (year, month) => Version(64 + (12 * (year - 26)) + month),
    };

    /// <summary>A release such as 25.06, from 24.03 on.</summary>
    public static TritonRelease Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            && year is >= 24 and < 100
            && month is >= 1 and <= 12
            && (year > 24 || month >= 3)
                ? new TritonRelease((year * 100) + month)
                : throw new ArgumentException($"'{text}' is no release of Triton from 24.03 on.", nameof(text));
    }

    private static string Version(int minor)
    {
        return string.Create(CultureInfo.InvariantCulture, $"2.{minor}.0");
    }
}
