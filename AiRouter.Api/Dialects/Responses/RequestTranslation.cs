using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>
/// A request of the Responses API as a chat request. Members that both have, and those that neither has (open servers have many),
/// pass as they are; what asks for nothing counts as absent (R11).
/// </summary>
internal sealed class RequestTranslation
{
    private const string LogProbs = "message.output_text.logprobs";

    /// <summary>Only the Responses API has them, and none changes what the model is asked.</summary>
    private static readonly FrozenSet<string> NotPassed = FrozenSet.ToFrozenSet(
        ["store", "previous_response_id", "conversation", "background", "truncation", "max_tool_calls", "prompt",
            "context_management", "access_programs", "image", "client_metadata"],
        StringComparer.Ordinal);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly MemberReader _reader;
    private readonly JsonObject _chat = [];

    private RequestTranslation(MemberReader reader) => _reader = reader;

    /// <summary>The chat request that means the same; null and an error when there is none.</summary>
    public static JsonObject? ToChat(JsonObject request, out ApiError? error)
    {
        if (Members(request) is not { } members)
        {
            error = new ApiError(
                ErrorCause.InvalidRequest,
                "We could not parse the JSON body of your request: an object in it has the same member twice.");
            return null;
        }

        var translation = new RequestTranslation(new MemberReader(members));
        translation.Translate();
        error = translation._reader.Error;
        return error is null ? translation._chat : null;
    }

    /// <summary>What each message of that chat request was made of.</summary>
    public static IReadOnlyList<MessageOrigin> OriginsOf(JsonObject request) =>
        Members(request) is { } members ? InputReader.OriginsOf(new MemberReader(members)) : [];

    /// <summary>The members; null when an object in the request has the same one twice (R43).</summary>
    private static Dictionary<string, JsonElement>? Members(JsonObject request)
    {
        try
        {
            return JsonElement.Parse(JsonBytes.RelaxedOf(request), Strict).EnumerateObject()
                .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // The documented answer to a duplicate; anything else would not have become a node.
            return null;
        }
    }

    private void Translate()
    {
        RefuseWhatNeedsMore();
        Set("model", _reader.Take("model")?.ToNode());
        Set("messages", InputReader.Read(_reader));
        new ToolTranslation(_reader, _chat).Translate();
        ReadText();
        ReadReasoning();
        ReadLogProbs();
        Set("max_completion_tokens", _reader.Integer("max_output_tokens", 1));
        ReadStream();
        foreach (var (name, value) in _reader.Rest)
        {
            if (!NotPassed.Contains(name) && !value.IsEmpty() && !_chat.ContainsKey(name))
            {
                _chat[name] = value.ToNode();
            }
        }
    }

    private void RefuseWhatNeedsMore()
    {
        if (_reader.Take("messages") is not null)
        {
            _reader.Fail("messages", "Unsupported parameter: 'messages'. The Responses API has 'input' instead.");
        }

        if (_reader.Take("n") is { } choices && !(choices.ValueKind == JsonValueKind.Number && choices.TryGetInt32(out var n) && n == 1))
        {
            _reader.Fail("n", "Unsupported parameter: 'n'. The Responses API gives one answer.", ErrorCause.UnsupportedParameter);
        }

        if (_reader.Take("prompt") is not null)
        {
            _reader.Fail(
                "prompt",
                "Unsupported parameter: 'prompt'. Stored prompts are not kept here: send their text as 'instructions' and 'input'.",
                ErrorCause.UnsupportedParameter);
        }

        if (_reader.Flag("background") == true)
        {
            _reader.Fail(
                "background", "Unsupported parameter: 'background' is not supported with this model.", ErrorCause.UnsupportedParameter);
        }
    }

    private void ReadText()
    {
        if (TakeObject("text") is not { } text)
        {
            return;
        }

        Set("response_format", TextFormat.ToChat(_reader, text.Member("format")));
        if (_reader.TextOf(text.Member("verbosity"), "text.verbosity") is { Length: > 0 } verbosity && verbosity != "medium")
        {
            _chat["verbosity"] = verbosity;
        }
    }

    /// <summary>How much is thought; chat has no summaries of it, they are made of the answer.</summary>
    private void ReadReasoning()
    {
        if (TakeObject("reasoning") is not { } reasoning)
        {
            return;
        }

        ReasoningSettings.CheckSummary(_reader, reasoning);
        if (_reader.TextOf(reasoning.Member("effort"), "reasoning.effort") is { Length: > 0 } effort)
        {
            _chat["reasoning_effort"] = effort;
        }
    }

    private void ReadLogProbs()
    {
        var isAsked = false;
        switch (_reader.Take("include"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Array } list:
                isAsked = list.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.Text() == LogProbs);
                break;
            case { } other:
                _reader.FailType("include", "an array", other);
                break;
        }

        var top = _reader.Integer("top_logprobs", 0, 20) ?? 0;
        if (isAsked || top > 0)
        {
            _chat["logprobs"] = true;
        }

        Set("top_logprobs", top > 0 ? (int?)top : null);
    }

    /// <summary>A stream of the Responses API always tells its usage; padding against eavesdroppers is the backend's affair.</summary>
    private void ReadStream()
    {
        TakeObject("stream_options");
        if (_reader.Flag("stream") == true)
        {
            _chat["stream"] = true;
            _chat["stream_options"] = new JsonObject { ["include_usage"] = true };
        }
    }

    private JsonElement? TakeObject(string name)
    {
        var value = _reader.Take(name);
        if (value is { ValueKind: not JsonValueKind.Object })
        {
            _reader.FailType(name, "an object", value.Value);
            return null;
        }

        return value;
    }

    private void Set(string name, JsonNode? value)
    {
        if (value is not null)
        {
            _chat[name] = value;
        }
    }
}
