using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Errors;

namespace AiRouter.Tests.Dialects.Messages;

/// <summary>Errors in Anthropic's shape.</summary>
public sealed class MessagesErrorTests
{
    [Theory]
    [InlineData(nameof(ErrorCause.InvalidRequest), 400, "invalid_request_error")]
    [InlineData(nameof(ErrorCause.UnsupportedParameter), 400, "invalid_request_error")]
    [InlineData(nameof(ErrorCause.MissingKey), 401, "authentication_error")]
    [InlineData(nameof(ErrorCause.ModelNotAllowed), 403, "permission_error")]
    [InlineData(nameof(ErrorCause.ModelNotFound), 404, "not_found_error")]
    [InlineData(nameof(ErrorCause.MethodNotAllowed), 405, "invalid_request_error")]
    [InlineData(nameof(ErrorCause.BodyTooLarge), 413, "request_too_large")]
    [InlineData(nameof(ErrorCause.TokenRateExceeded), 429, "rate_limit_error")]
    [InlineData(nameof(ErrorCause.BudgetExceeded), 429, "rate_limit_error")]
    [InlineData(nameof(ErrorCause.BackendOverloaded), 529, "overloaded_error")]
    [InlineData(nameof(ErrorCause.QueueTimeout), 529, "overloaded_error")]
    [InlineData(nameof(ErrorCause.Draining), 503, "api_error")]
    [InlineData(nameof(ErrorCause.BackendTimeout), 504, "timeout_error")]
    [InlineData(nameof(ErrorCause.BackendUnreachable), 502, "api_error")]
    [InlineData(nameof(ErrorCause.Internal), 500, "api_error")]
    public void Cause_has_a_status_and_a_type(string cause, int status, string type)
    {
        var error = new ApiError(Enum.Parse<ErrorCause>(cause), "What was \"wrong\".", "messages");

        Assert.Equal(status, MessagesError.StatusOf(error));
        Assert.Equal(
            $$"""{"type":"error","error":{"type":"{{type}}","message":"What was \"wrong\"."},"request_id":"req_1"}""",
            Encoding.UTF8.GetString(MessagesError.ToJson(error, "req_1")));
        Assert.Equal(
            $$$"""event: error{{{"\n"}}}data: {"type":"error","error":{"type":"{{{type}}}","message":"What was \"wrong\"."}}{{{"\n\n"}}}""",
            Encoding.UTF8.GetString(MessagesError.ToFrame(error)));
    }

    [Fact]
    public void Every_cause_reads_the_same_as_an_event_of_chat()
    {
        foreach (var cause in Enum.GetValues<ErrorCause>())
        {
            var error = new ApiError(cause, "m");
            using var chat = JsonDocument.Parse(error.ToJson());
            var output = new ArrayBufferWriter<byte>();

            Translated.Begin("{}").WriteError(chat.RootElement.GetProperty("error"), output);

            var frame = Encoding.UTF8.GetString(output.WrittenSpan);
            Assert.StartsWith("event: error\ndata: {", frame, StringComparison.Ordinal);
            Assert.Equal("m", (string?)JsonNode.Parse(frame["event: error\ndata: ".Length..])!["error"]!["message"]);
        }
    }

    [Theory]
    [InlineData("""{"message":"m","type":"server_error","code":"server_is_overloaded"}""", "overloaded_error")]
    [InlineData("""{"message":"m","type":"tokens","code":"rate_limit_exceeded"}""", "rate_limit_error")]
    [InlineData("""{"message":"m","type":"invalid_request_error","code":null}""", "invalid_request_error")]
    [InlineData("""{"message":"m","type":"server_error","code":"backend_timeout"}""", "timeout_error")]
    [InlineData("""{"message":"m","type":"server_error","code":"backend_stream_broken"}""", "api_error")]
    [InlineData("""{"message":"m"}""", "api_error")]
    public void Error_in_the_middle_of_a_stream_has_a_type(string error, string type)
    {
        using var document = JsonDocument.Parse(error);
        var output = new ArrayBufferWriter<byte>();

        Translated.Begin("{}").WriteError(document.RootElement, output);

        Assert.Equal(
            $$$"""event: error{{{"\n"}}}data: {"type":"error","error":{"type":"{{{type}}}","message":"m"}}{{{"\n\n"}}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
