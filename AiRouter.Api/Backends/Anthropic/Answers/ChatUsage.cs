using System.Text.Json;
using AiRouter.Api.Dialects.Messages;

namespace AiRouter.Api.Backends.Anthropic.Answers;

/// <summary>The figures of a message as chat has them: the cache is part of the input.</summary>
internal static class ChatUsage
{
    /// <summary>Writes the member <c>usage</c>; nothing where no figure has come.</summary>
    public static void Write(Utf8JsonWriter json, MessageFigures figures)
    {
        if (!figures.IsKnown)
        {
            return;
        }

        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", figures.Input);
        json.WriteNumber("completion_tokens", figures.Output ?? 0);
        json.WriteNumber("total_tokens", figures.Input + (figures.Output ?? 0));
        if (figures.CacheRead is { } cached)
        {
            json.WriteStartObject("prompt_tokens_details");
            json.WriteNumber("cached_tokens", cached);
            json.WriteEndObject();
        }

        if (figures.Thinking is { } thinking)
        {
            json.WriteStartObject("completion_tokens_details");
            json.WriteNumber("reasoning_tokens", thinking);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
