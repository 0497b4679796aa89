using System.Diagnostics;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Telemetry.Content;

/// <summary>
/// Prompt and completion of a request, for its spans: only where an operator has asked for them
/// (<see cref="RequestTracing.CaptureVariable"/>). In the form of OpenTelemetry's GenAI conventions, which Aspire's dashboard shows as a
/// conversation. Credentials of known forms and the content of <c>data:</c> URLs are taken out.
/// </summary>
internal sealed class MessageContent
{
    /// <summary>The most bytes of an answer that are kept.</summary>
    private const int MostOfAnswer = 256 * 1024;

    private readonly Exchange _exchange;
    private readonly Operation _operation;
    private readonly JsonBody _body;
    private readonly BodyExcerpt _answer = new(MostOfAnswer);

    private MessageContent(Exchange exchange, JsonBody body)
    {
        _exchange = exchange;
        _operation = exchange.Operation;
        _body = body;
        var features = exchange.Http.Features;
        features.Set<IHttpResponseBodyFeature>(
            new CopiedResponseBody(features.GetRequiredFeature<IHttpResponseBodyFeature>(), _answer));
    }

    /// <summary>Listens to the answer from now on. Null: it is not a conversation.</summary>
    public static MessageContent? Begin(Exchange exchange) =>
        exchange.Operation.Name is Operations.Chat or Operations.Completions or Operations.Responses && exchange.Body is JsonBody body
            ? new MessageContent(exchange, body)
            : null;

    /// <summary>Puts it on the span of the attempt that answered.</summary>
    /// <param name="span">The span.</param>
    /// <param name="isWhole">The answer is whole: of one that failed nothing is kept, it may be a backend's text (R39).</param>
    public void Describe(Activity span, bool isWhole)
    {
        Set(span, TelemetryNames.SpanAttributes.SystemInstructions, MessageList.Of(InputMessages.WriteInstructions, _body.Json));
        Set(span, TelemetryNames.SpanAttributes.ToolDefinitions, MessageList.Of(InputMessages.WriteTools, _body.Json));
        Set(span, TelemetryNames.SpanAttributes.InputMessages, MessageList.Of(InputMessages.Write, _body.Json));
        if (isWhole)
        {
            Set(span, TelemetryNames.SpanAttributes.OutputMessages, Answer());
        }
    }

    private static void Set(Activity span, string attribute, string? json)
    {
        if (json is not null)
        {
            span.SetTag(attribute, BodyRedaction.Apply(json));
        }
    }

    private string? Answer()
    {
        var type = _exchange.Http.Response.ContentType;
        var text = _answer.ToString();
        try
        {
            return type is null ? null
                : type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)
                    ? MessageList.Of(OutputMessages.Write, AnswerEvents.PutTogether(text, _operation))
                : type.Contains("json", StringComparison.OrdinalIgnoreCase) ? MessageList.Of(OutputMessages.Write, System.Text.Encoding.UTF8.GetBytes(text))
                : null;
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            // Too long to be kept whole, or no JSON that has values.
            return null;
        }
    }
}
