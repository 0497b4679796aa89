using System.Text.RegularExpressions;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>
/// <c>openai-api.md</c> §3, "SSE parsing matrix": whatever form a backend's events have, clients get the one that all of them
/// read: LF, one line of data, nothing without data, no ids, no retry hints, no comments.
/// </summary>
public sealed partial class EventFormTests
{
    private const string AskStream = """{"model":"public-model","stream":true,"messages":[{}]}""";
    private const string AskUsage = """{"model":"public-model","stream":true,"stream_options":{"include_usage":true},"messages":[{}]}""";
    private const string A = """{"id":"c","created":1,"model":"backend-model","choices":[{"index":0,"delta":{"content":"a\u2028b"}}]}""";
    private const string B = """{"id":"c","created":1,"model":"backend-model","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string EventType = "Content-Type: text/event-stream\r\n";

    private static readonly string Relayed =
        $"data: {A}\n\ndata: {B}\n\ndata: [DONE]\n\n".Replace("backend-model", "public-model", StringComparison.Ordinal);

    [Theory]
    [InlineData("data: A\n\ndata: B\n\ndata: [DONE]\n\n")]
    [InlineData("data: A\r\n\r\ndata: B\r\n\r\ndata: [DONE]\r\n\r\n")]
    [InlineData("data: A\r\rdata: B\r\rdata: [DONE]\r\r")]
    [InlineData("data:A\n\ndata:B\n\ndata:[DONE]\n\n")]
    [InlineData("\ufeffdata: A\n\ndata: B\n\ndata: [DONE]\n\n")]
    [InlineData("event: x\ndata: A\n\nevent: y\ndata: B\n\ndata: [DONE]\n\n")]
    [InlineData("id: 1\ndata: A\n\nid: 2\ndata: B\n\ndata: [DONE]\n\n")]
    [InlineData("data: A\n\ndata: B\n\ndata: [DONE]")]
    [InlineData("data: A\n\ndata: B")]
    [InlineData("data: A\n\ndata: B\n\n")]
    [InlineData(": ping\n\ndata: A\n\n: ping\ndata: B\n\ndata: [DONE]\n\n")]
    [InlineData("retry: 5\n\nid: 7\n\ndata: A\n\ndata: B\n\ndata: [DONE]\n\n")]
    [InlineData("event: ping\n\ndata: A\n\ndata: B\n\ndata: [DONE]\n\n")]
    [InlineData("data:\n\ndata: \n\ndata\n\ndata: A\n\ndata: B\n\ndata: [DONE]\n\n")]
    [InlineData("data: A\n\ndata: B\n\ndata: [DONE] \n\n")]
    [InlineData("data: A\n\ndata: B\n\ndata: [DONE]\n\ndata: late\n\n")]
    public async Task Every_form_becomes_the_one_that_all_clients_read(string form)
    {
        var events = form.Replace("A", A, StringComparison.Ordinal).Replace("B", B, StringComparison.Ordinal);
        foreach (var type in new[] { EventType, "", "Content-Type: text/plain\r\n" })
        {
            Assert.Equal(Relayed, (await RelayAsync(events, type)).Body);
        }
    }

    [Fact]
    public async Task Byte_by_byte_is_no_form_of_its_own()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            foreach (var c in $": x\r\n\r\ndata: {A}\r\n\r\ndata: {B}\r\n\r\ndata: [DONE]\r\n\r\n")
            {
                await call.WriteAsync(c.ToString());
            }
        });
        await using var router = await RunningRouter.StartAsync(upstream);

        Assert.Equal(Relayed, (await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskStream)).Body);
    }

    [Fact]
    public async Task Data_of_several_lines_becomes_one()
    {
        var pretty = B.Replace(",", ",\ndata: ", StringComparison.Ordinal);

        var response = await RelayAsync($"data: {A}\n\ndata: {pretty}\n\ndata: [DONE]\n\n", EventType);

        Assert.Equal(Relayed, Blank().Replace(response.Body, ","));
    }

    [Fact]
    public async Task Line_of_3_MB_passes()
    {
        var large = A.Replace("b\"", new string('b', 3_000_000) + "\"", StringComparison.Ordinal);

        var response = await RelayAsync($"data: {large}\n\ndata: {B}\n\n", EventType);

        Assert.Equal(Relayed.Length + 3_000_000 - 1, response.Body.Length);
    }

    [Theory]
    [InlineData("data: A\n\ndata: [DONE]\n\n")]
    [InlineData("data: A\n\n")]
    [InlineData("data: A\ndata: B\ndata: [DONE]\n")]
    public async Task End_without_finish_reason_is_a_broken_stream(string form)
    {
        var events = form.Replace("A", A, StringComparison.Ordinal).Replace("B", B, StringComparison.Ordinal);

        var response = await RelayAsync(events, EventType);

        Assert.DoesNotContain("[DONE]", response.Body, StringComparison.Ordinal);
        Assert.Contains("\"error\":{", response.Body, StringComparison.Ordinal);
        Assert.True(response.Status == 502 || !response.IsWhole);
    }

    [Fact]
    public async Task Error_beside_choices_is_an_error()
    {
        var response = await RelayAsync(
            $"data: {A}\n\ndata: {{\"error\":{{\"message\":\"no more\",\"code\":502}},\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"error\"}}]}}\n\ndata: [DONE]\n\n",
            EventType);

        Assert.Contains("\"message\":\"no more\"", response.Body, StringComparison.Ordinal);
        Assert.False(response.IsWhole);
    }

    [Theory]
    [InlineData(AskUsage, "null", true)]
    [InlineData("""{"model":"public-model","stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true},"messages":[{}]}""", "{\"prompt_tokens\":1}", true)]
    [InlineData(AskStream, null, false)]
    public async Task Usage_stands_in_the_last_chunk_only(string ask, string? beside, bool isLast)
    {
        const string Usage = "{\"prompt_tokens\":1}";
        var counting = A[..^1] + $",\"usage\":{Usage}}}";
        await using var upstream = RawUpstream.Events(
            $"data: {counting}\n\ndata: {{\"choices\":[],\"usage\":{Usage}}}\n\ndata: {B}\n\ndata: [DONE]\n\n");
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", ask);

        var first = A[..^1] + (beside is null ? "}" : $",\"usage\":{beside}}}");
        Assert.Equal(
            $"data: {first}\n\ndata: {B}\n\n{(isLast ? $"data: {{\"choices\":[],\"usage\":{Usage}}}\n\n" : "")}data: [DONE]\n\n"
                .Replace("backend-model", "public-model", StringComparison.Ordinal),
            response.Body);
    }

    [Fact]
    public async Task Events_of_media_are_normalised_too_and_their_data_stays()
    {
        await using var upstream = RawUpstream.Events(
            ": hi\r\n\r\nevent: ping\r\n\r\nid: 1\r\nevent: a\r\ndata: {\"model\":\"backend-model\" ,\"x\":1e400}\r\n\r\ndata: no json\r\ndata:  two\r\n\r\ndata:\r\n\r\ndata: [DONE] \r\n\r\n");
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/audio/speech", """{"model":"public-model","input":"x","stream_format":"sse"}""");

        Assert.Equal(
            "event: a\ndata: {\"model\":\"public-model\" ,\"x\":1e400}\n\ndata: no json\ndata:  two\n\ndata: [DONE]\n\n", response.Body);
    }

    [Fact]
    public async Task Error_event_of_the_responses_api_has_the_next_number()
    {
        await using var upstream = RawUpstream.Events(
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":6,\"response\":{\"id\":\"r\"}}\n\n" +
            "event: response.in_progress\ndata: {\"type\":\"response.in_progress\",\"sequence_number\":7}\n\n");
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/responses", """{"model":"public-model","stream":true,"input":"x"}""");

        Assert.EndsWith(
            "event: error\ndata: {\"type\":\"error\",\"code\":\"backend_stream_broken\",\"message\":\"The backend's answer ended before it was complete.\",\"param\":null,\"sequence_number\":8}\n\n",
            response.Body, StringComparison.Ordinal);
        Assert.False(response.IsWhole);
    }

    [GeneratedRegex(", ")]
    private static partial Regex Blank();

    private static async Task<RawResponse> RelayAsync(string events, string contentType)
    {
        await using var upstream = RawUpstream.Events(events, contentType);
        await using var router = await StartAsync(upstream);
        return await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskStream);
    }

    private static Task<RunningRouter> StartAsync(RawUpstream upstream) => RunningRouter.StartAsync(
        $$"""
        backends: { upstream: { kind: openai, url: {{upstream.Url}} } }
        models: { public-model: { targets: [ { backend: upstream, model: backend-model } ] } }
        """);
}
