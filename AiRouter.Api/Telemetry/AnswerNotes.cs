using System.Diagnostics;
using System.Text.Json;
using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// What one attempt's answer says of itself, noted as it passes: its id, the model that made it, why it ended. There are notes only
/// of requests that are traced.
/// </summary>
internal sealed class AnswerNotes
{
    private const int LongestReason = 64;
    private const int LongestName = 256;

    private readonly SortedDictionary<int, string> _finishReasons = [];

    /// <summary>The answer's id.</summary>
    public string? Id { get; set; }

    /// <summary>The model's own name for itself.</summary>
    public string? Model { get; set; }

    /// <summary>The backend's status, where it speaks HTTP.</summary>
    public int? Status { get; set; }

    /// <summary>A whole answer, a chunk of one, or a response of the Responses API.</summary>
    public void Take(ReadOnlySpan<byte> json, in ChunkScan scan)
    {
        Id ??= Text(json, scan.Id);
        Model ??= Text(json, scan.Model);
        if (scan.FinishedChoices != 0)
        {
            ReadFinishReasons(json.Slice(scan.Choices.ValueStart, scan.Choices.ValueLength));
        }
    }

    /// <summary>
    /// A response of the Responses API or a message that has ended: its status, or its reason to stop, is what its choices' reasons are
    /// elsewhere.
    /// </summary>
    public void TakeEnd(ReadOnlySpan<byte> response)
    {
        var reader = new Utf8JsonReader(response, new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        string? status = null, reason = null, stop = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonName.Is(ref reader, "status"u8))
            {
                status = Value(ref reader);
            }
            else if (JsonName.Is(ref reader, "stop_reason"u8))
            {
                stop = Value(ref reader);
            }
            else if (JsonName.Is(ref reader, "incomplete_details"u8))
            {
                reader.Read();
                reason = Reason(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        Ended(0, stop is not null ? FinishReasons.Of(stop) : status switch
        {
            "completed" => "stop",
            "incomplete" => reason == "max_output_tokens" ? "length" : reason ?? status,
            null => null,
            _ => status,
        });
    }

    /// <summary>A choice has ended.</summary>
    public void Ended(int choice, string? reason)
    {
        if (reason is { Length: > 0 and <= LongestReason })
        {
            _finishReasons[choice] = reason;
        }
    }

    /// <summary>Puts it all on a span.</summary>
    public void Describe(Activity span)
    {
        if (Status is { } status)
        {
            span.SetTag(TelemetryNames.Attributes.Status, status);
        }

        if (Id is not null)
        {
            span.SetTag(TelemetryNames.SpanAttributes.ResponseId, Id);
        }

        if (Model is not null)
        {
            span.SetTag(TelemetryNames.SpanAttributes.ResponseModel, Model);
        }

        if (_finishReasons.Count > 0)
        {
            span.SetTag(TelemetryNames.SpanAttributes.FinishReasons, _finishReasons.Values.ToArray());
        }
    }

    private static string? Text(ReadOnlySpan<byte> json, JsonMember member) => member is { Type: JsonTokenType.String, ValueLength: <= LongestName }
        ? JsonText.Unquote(json.Slice(member.ValueStart, member.ValueLength))
        : null;

    private void ReadFinishReasons(ReadOnlySpan<byte> choices)
    {
        var reader = new Utf8JsonReader(choices, new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var index = 0;
            string? reason = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (JsonName.Is(ref reader, "index"u8))
                {
                    reader.Read();
                    index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var i) ? Math.Clamp(i, 0, 127) : 0;
                    reader.Skip();
                }
                else if (JsonName.Is(ref reader, "finish_reason"u8))
                {
                    reason = Value(ref reader);
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            Ended(index, reason);
        }
    }

    private static string? Reason(ref Utf8JsonReader reader)
    {
        string? reason = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonName.Is(ref reader, "reason"u8))
            {
                reason = Value(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return reason;
    }

    /// <summary>A string that is a word; anything else is skipped.</summary>
    private static string? Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            // Words have no escapes, so there is no half surrogate pair to stumble over either.
            return reader.ValueIsEscaped ? null : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }

        reader.Skip();
        return null;
    }
}
