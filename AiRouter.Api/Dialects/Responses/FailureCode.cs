using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>What went wrong, in the words that the API has for it.</summary>
internal static class FailureCode
{
    /// <summary>The code of a response's <c>error</c>: one of a short list.</summary>
    public static string OfResponse(JsonElement error) => (error.TextMember("code"), error.TextMember("type")) switch
    {
        ("rate_limit_exceeded" or "insufficient_quota", _) => "rate_limit_exceeded",
        (_, "invalid_request_error") => "invalid_prompt",
        _ => "server_error",
    };

    /// <summary>The code of an <c>error</c> event: any, but some clients overlook an event without one.</summary>
    public static string OfEvent(JsonElement error) => error.TextMember("code") ?? error.TextMember("type") ?? "server_error";

    /// <summary>The text for people.</summary>
    public static string MessageOf(JsonElement error) => error.TextMember("message") ?? "The answer broke off.";
}
