using System.Text.Json.Nodes;
using AiRouter.Core.Json;

namespace AiRouter.Api.Errors;

/// <summary>A failure on its way to the client: a value, not an exception.</summary>
/// <param name="Cause">Decides status, type, code and headers through <see cref="ErrorTable"/>.</param>
/// <param name="Message">For the client: what was wrong, where, and what to do. No backend host, model or text.</param>
/// <param name="Param">The request member that is to blame, as a path such as <c>messages[0].role</c>.</param>
internal sealed record ApiError(ErrorCause Cause, string Message, string? Param = null)
{
    /// <summary>Kept from an upstream whose errors pass; else the table's.</summary>
    public int? Status { get; init; }

    /// <summary>Kept from an upstream whose errors pass; else the table's.</summary>
    public string? Type { get; init; }

    /// <summary>Kept from an upstream whose errors pass; else the table's.</summary>
    public string? Code { get; init; }

    /// <summary>When a retry has a chance; else the table's.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How far the attempt had come that failed with it.</summary>
    public AttemptStage Stage { get; init; }

    /// <summary>For the log at Trace only (R39): may hold prompts.</summary>
    public string? Detail { get; init; }

    /// <summary>Kept from an upstream that says whether a retry has a chance; else the table's.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>The number of the event that it becomes in a stream of the Responses API.</summary>
    public int SequenceNumber { get; init; }

    /// <summary>The status that goes out.</summary>
    public int EffectiveStatus => Status ?? ErrorTable.For(Cause).Status;

    /// <summary>The body: always all four members.</summary>
    public byte[] ToJson()
    {
        var row = ErrorTable.For(Cause);
        var body = new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = Message,
                ["type"] = Type ?? row.Type,
                ["param"] = Param,
                ["code"] = Code ?? row.Code,
            },
        };
        return JsonBytes.RelaxedOf(body);
    }

    /// <summary>The same as an event of the Responses API, whose members are not nested.</summary>
    public byte[] ToResponsesEvent()
    {
        var body = new JsonObject
        {
            ["type"] = "error",
            ["code"] = Code ?? ErrorTable.For(Cause).Code,
            ["message"] = Message,
            ["param"] = Param,
            ["sequence_number"] = SequenceNumber,
        };
        return JsonBytes.RelaxedOf(body);
    }
}
