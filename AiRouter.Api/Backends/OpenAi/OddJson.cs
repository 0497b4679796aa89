using System.Text.Json;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Texts that are JSON, but no values: members twice, half surrogate pairs, numbers out of range, a nesting too deep.</summary>
internal static class OddJson
{
    /// <summary>Whether JSON nodes throw this for such a text.</summary>
    public static bool IsCause(Exception exception) => exception is
        JsonException or InvalidOperationException or ArgumentException or FormatException or OverflowException;
}
