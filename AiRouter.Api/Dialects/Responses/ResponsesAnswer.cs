using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>
/// A chat answer as a response: the whole object, or the events in OpenAI's order (<c>openai-api.md</c> §2.6). Of several choices
/// the first counts.
/// </summary>
internal sealed class ResponsesAnswer : IAnswerTranslation
{
    private readonly DialectHead _head;
    private readonly RequestEcho _echo;
    private readonly EventWriter _events = new();
    private AnswerItems _items;
    private ResponseUsage? _usage;
    private string? _finish;
    private string? _serviceTier;
    private bool _isBegun;

    /// <summary>Begins a response.</summary>
    public ResponsesAnswer(JsonObject request, DialectHead head)
    {
        _head = head;
        _echo = new RequestEcho(request);
        _serviceTier = _echo.ServiceTier;
        _items = new AnswerItems(head.NewId, _events, _echo.Thought);
        Id = head.Id ?? "resp_" + head.NewId();
    }

    /// <summary>The response's id.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public void WriteWhole(JsonElement completion, IBufferWriter<byte> output)
    {
        _items = new AnswerItems(_head.NewId, events: null, _echo.Thought);
        TakeHead(completion);
        _usage ??= ResponseUsage.Of(_head.Usage());
        if (FirstChoice(completion) is { } choice)
        {
            _items.Add(choice.ObjectMember("message") ?? default, choice.ObjectMember("logprobs"));
            _finish = choice.TextMember("finish_reason");
        }

        _items.Complete(IsCut);
        using var json = new Utf8JsonWriter(output, LogProbJson.Options);
        WriteResponse(json, EndStatus, error: null);
    }

    /// <inheritdoc/>
    public void WriteChunk(JsonElement chunk, IBufferWriter<byte> output)
    {
        TakeHead(chunk);
        Begin(output);
        if (FirstChoice(chunk) is not { } choice)
        {
            return;
        }

        if (choice.ObjectMember("delta") is { } delta)
        {
            _items.Add(delta, choice.ObjectMember("logprobs"));
        }

        if (choice.TextMember("finish_reason") is { Length: > 0 } finish)
        {
            _finish = finish;
            _items.End(IsCut);
        }
    }

    /// <inheritdoc/>
    public bool TryWriteText(in TextDelta delta, IBufferWriter<byte> output)
    {
        _events.Output = output;
        return _items.TryAdd(delta);
    }

    /// <inheritdoc/>
    public void WriteEnd(IBufferWriter<byte> output)
    {
        Begin(output);
        _items.Complete(IsCut);
        SendResponse($"response.{EndStatus}", EndStatus);
    }

    /// <summary>
    /// Tells it twice: with <c>response.failed</c>, which has what was said so far, and with <c>error</c>, which is all that some
    /// clients raise (AI SDK; Node's throws at it, so it comes last).
    /// </summary>
    public void WriteError(JsonElement error, IBufferWriter<byte> output)
    {
        Begin(output);
        _items.Break();
        SendResponse("response.failed", ItemStatus.Failed, error);
        using var opened = _events.Begin("error");
        opened.Json.WriteString("code"u8, FailureCode.OfEvent(error));
        opened.Json.WriteString("message"u8, FailureCode.MessageOf(error));
        opened.Json.WriteString("param"u8, error.TextMember("param"));
    }

    private bool IsCut => EndStatus == ItemStatus.Incomplete;

    private string EndStatus => _finish is "length" or "content_filter" ? ItemStatus.Incomplete : ItemStatus.Completed;

    private static JsonElement? FirstChoice(JsonElement answer)
    {
        foreach (var choice in answer.ListMember("choices"))
        {
            if (choice.ValueKind == JsonValueKind.Object && (choice.CountMember("index") ?? 0) == 0)
            {
                return choice;
            }
        }

        return null;
    }

    private void TakeHead(JsonElement answer)
    {
        _usage = ResponseUsage.Read(answer) ?? _usage;
        _serviceTier = answer.TextMember("service_tier") ?? _serviceTier;
    }

    private void Begin(IBufferWriter<byte> output)
    {
        _events.Output = output;
        if (!_isBegun)
        {
            _isBegun = true;
            SendResponse("response.created", ItemStatus.InProgress);
            SendResponse("response.in_progress", ItemStatus.InProgress);
        }
    }

    private void SendResponse(string type, string status, JsonElement? error = null)
    {
        using var opened = _events.Begin(type);
        opened.Json.WritePropertyName("response"u8);
        WriteResponse(opened.Json, status, error);
    }

    private void WriteResponse(Utf8JsonWriter json, string status, JsonElement? error)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, _head.Created);
        json.WriteString("status"u8, status);
        json.WritePropertyName("error"u8);
        WriteError(json, error);
        json.WritePropertyName("incomplete_details"u8);
        WriteIncompleteDetails(json, status);
        json.WriteString("model"u8, _head.Model);
        json.WritePropertyName("output"u8);
        _items.Write(json);
        json.WritePropertyName("usage"u8);
        if (status == ItemStatus.InProgress || _usage is null)
        {
            json.WriteNullValue();
        }
        else
        {
            _usage.Write(json);
        }

        json.WriteString("service_tier"u8, _serviceTier ?? "default");
        _echo.Write(json);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, JsonElement? error)
    {
        if (error is not { } told)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("code"u8, FailureCode.OfResponse(told));
        json.WriteString("message"u8, FailureCode.MessageOf(told));
        json.WriteEndObject();
    }

    private void WriteIncompleteDetails(Utf8JsonWriter json, string status)
    {
        if (status != ItemStatus.Incomplete)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("reason"u8, _finish == "length" ? "max_output_tokens"u8 : "content_filter"u8);
        json.WriteEndObject();
    }
}
