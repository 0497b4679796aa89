using System.Text.Json;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Reads the events of a stream.</summary>
internal static class Events
{
    /// <summary>The JSON of every data event but <c>[DONE]</c>, which must be the last one.</summary>
    public static IReadOnlyList<JsonElement> Parse(string body)
    {
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
        return
        [
            .. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(e => e.Split('\n')).Where(l => !l.StartsWith(':'))
                .Where(l => l != "data: [DONE]")
                .Select(l => JsonDocument.Parse(l["data: ".Length..]).RootElement),
        ];
    }

    /// <summary>The text of one choice.</summary>
    public static string Text(IEnumerable<JsonElement> events, int choice = 0) => string.Concat(
        Choices(events, choice).Select(c => c.TryGetProperty("delta", out var delta)
            ? delta.TryGetProperty("content", out var content) ? content.GetString() : ""
            : c.GetProperty("text").GetString()));

    /// <summary>The finish reason of one choice.</summary>
    public static string? Finish(IEnumerable<JsonElement> events, int choice = 0) =>
        Choices(events, choice).Select(c => c.GetProperty("finish_reason").GetString()).Single(f => f is not null);

    private static IEnumerable<JsonElement> Choices(IEnumerable<JsonElement> events, int choice) =>
        events.SelectMany(e => e.GetProperty("choices").EnumerateArray()).Where(c => c.GetProperty("index").GetInt32() == choice);
}
