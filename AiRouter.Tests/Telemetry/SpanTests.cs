using System.Globalization;
using AiRouter.Tests.Telemetry.Otlp;

namespace AiRouter.Tests.Telemetry;

/// <summary>The spans of requests as a collector gets them, attribute by attribute.</summary>
public sealed class SpanTests(TracedRouter router) : IClassFixture<TracedRouter>
{
    private static readonly string[] _ours = ["gen_ai.", "airouter.", "error.", "server."];

    [Fact]
    public async Task Chat_stream_has_a_span_of_the_request_and_one_of_the_attempt()
    {
        var (trace, status, _, returned) = await router.ChatAsync(
            "public-model", "PROMPT",
            """
            "stream":true,"max_completion_tokens":50,"temperature":0.5,"top_p":0.9,"seed":7,"presence_penalty":1,"frequency_penalty":-1,"n":1,
            "stop":["WORD"],"user":"USER","response_format":{"type":"json_object"}
            """);
        Assert.Equal(200, status);
        var request = await router.RequestSpanAsync(trace);
        var attempt = Assert.Single(router.Attempts(trace));

        var asked = new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "openai",
            ["gen_ai.request.stream"] = true,
            ["gen_ai.request.max_tokens"] = 50L,
            ["gen_ai.request.temperature"] = 0.5,
            ["gen_ai.request.top_p"] = 0.9,
            ["gen_ai.request.seed"] = 7L,
            ["gen_ai.request.presence_penalty"] = 1.0,
            ["gen_ai.request.frequency_penalty"] = -1.0,
            ["gen_ai.output.type"] = "json",
            ["gen_ai.response.id"] = "chatcmpl-up",
            ["gen_ai.response.model"] = "backend-model-2026",
            ["gen_ai.response.finish_reasons"] = new object?[] { "stop" },
            ["gen_ai.usage.input_tokens"] = 7L,
            ["gen_ai.usage.output_tokens"] = 3L,
            ["gen_ai.usage.cache_read.input_tokens"] = 4L,
            ["airouter.model"] = "public-model",
            ["airouter.backend"] = "up",
        };
        AssertAttributes(
            new(asked)
            {
                ["gen_ai.request.model"] = "public-model",
                ["airouter.attempts"] = 1L,
                ["airouter.request.id"] = request["airouter.request.id"],
                ["gen_ai.response.time_to_first_chunk"] = FirstChunk(request),
                ["server.address"] = "127.0.0.1",
                ["server.port"] = request["server.port"],
            },
            request);
        AssertAttributes(
            new(asked)
            {
                ["gen_ai.request.model"] = "backend-model",
                ["airouter.attempt"] = 1L,
                ["gen_ai.response.time_to_first_chunk"] = FirstChunk(attempt),
                ["server.address"] = "127.0.0.1",
                ["server.port"] = (long)router.Upstream.Url.Port,
            },
            attempt);

        Assert.Equal(("chat public-model", "Server", "Unset"), (request.Name, request.Kind, request.Status));
        Assert.Equal(("chat backend-model", "Client", "Unset"), (attempt.Name, attempt.Kind, attempt.Status));
        Assert.Equal(("AiRouter", "0.1.0"), (attempt.Scope, attempt.ScopeVersion));
        Assert.Equal(200L, attempt["http.response.status_code"]);
        Assert.Equal(200L, request["http.response.status_code"]);
        Assert.Equal("/v1/chat/completions", request["url.path"]);
        Assert.Equal("00000000000000aa", request.ParentId);
        Assert.Equal(request.SpanId, attempt.ParentId);
        Assert.Equal($"00-{trace}-{request.SpanId}-01", returned);
        Assert.InRange(attempt.Start, request.Start, request.End);
        Assert.InRange(attempt.End, attempt.Start, request.End);
    }

    [Fact]
    public async Task Triton_stream_has_the_same_spans_and_the_simulators_span_below_the_attempt()
    {
        var (trace, status, _, _) = await router.ChatAsync("gpu-model", "[[say:a b c]]", "\"stream\":true,\"max_tokens\":5");
        Assert.Equal(200, status);
        var request = await router.RequestSpanAsync(trace);
        var attempt = Assert.Single(router.Attempts(trace));

        Assert.Equal("chat gpu-model", request.Name);
        Assert.Equal("chat ensemble", attempt.Name);
        foreach (var span in new[] { request, attempt })
        {
            Assert.Equal("triton", span["gen_ai.provider.name"]);
            Assert.Equal("ensemble", span["gen_ai.response.model"]);
            Assert.Equal(["stop"], Assert.IsType<object?[]>(span["gen_ai.response.finish_reasons"]));
            Assert.StartsWith("chatcmpl-", Assert.IsType<string>(span["gen_ai.response.id"]), StringComparison.Ordinal);
            Assert.True(FirstChunk(span) >= 0);
            Assert.True((long)span["gen_ai.usage.output_tokens"]! > 0);
            Assert.Equal(5L, span["gen_ai.request.max_tokens"]);
            Assert.Null(span["error.type"]);
        }

        // The simulator read the context from the call's metadata.
        var simulators = await router.Collector.SpanAsync(
            span => span.TraceId == trace && span is { Service: "airouter_simulator", Kind: "Server" } && span.ParentId == attempt.SpanId);
        Assert.Contains("ModelStreamInfer", simulators.Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Responses_are_chats_whose_status_is_the_finish_reason(bool stream)
    {
        var (trace, status, _, _) = await router.PostAsync(
            "responses", $$"""{"model":"public-model","input":"PROMPT","max_output_tokens":3,"stream":{{(stream ? "true" : "false")}}}""");
        Assert.Equal(200, status);
        var request = await router.RequestSpanAsync(trace);
        var attempt = Assert.Single(router.Attempts(trace));

        Assert.Equal(("chat public-model", "chat backend-model"), (request.Name, attempt.Name));
        foreach (var span in new[] { request, attempt })
        {
            Assert.Equal(["length"], Assert.IsType<object?[]>(span["gen_ai.response.finish_reasons"]));
            Assert.Equal(("resp_up", "backend-model-2026"), (span["gen_ai.response.id"], span["gen_ai.response.model"]));
            Assert.Equal((7L, 3L, 3L), (span["gen_ai.usage.input_tokens"], span["gen_ai.usage.output_tokens"], span["gen_ai.request.max_tokens"]));
            Assert.Equal(stream ? true : null, span["gen_ai.request.stream"]);
        }
    }

    [Fact]
    public async Task Embeddings_have_their_own_operation_and_no_finish_reason()
    {
        var (trace, status, _, _) = await router.PostAsync(
            "embeddings", """{"model":"embed-model","input":["a","b"],"encoding_format":"float"}""");
        Assert.Equal(200, status);
        var request = await router.RequestSpanAsync(trace);
        var attempt = Assert.Single(router.Attempts(trace));

        Assert.Equal(("embeddings embed-model", "embeddings bge"), (request.Name, attempt.Name));
        Assert.Equal("embeddings", attempt["gen_ai.operation.name"]);
        Assert.Equal(["float"], Assert.IsType<object?[]>(attempt["gen_ai.request.encoding_formats"]));
        Assert.True((long)attempt["gen_ai.usage.input_tokens"]! > 0);
        Assert.Null(attempt["gen_ai.response.finish_reasons"]);
        Assert.Null(attempt["gen_ai.response.time_to_first_chunk"]);
    }

    [Fact]
    public async Task Failover_has_a_span_for_each_attempt_and_the_request_is_well()
    {
        var (trace, status, _, _) = await router.ChatAsync("two-targets", "FAIL-ONCE", "\"max_tokens\":9");
        Assert.Equal(200, status);
        var request = await router.RequestSpanAsync(trace);
        var attempts = router.Attempts(trace);

        Assert.Equal(2, attempts.Count);
        AssertAttributes(
            new()
            {
                ["gen_ai.operation.name"] = "chat",
                ["gen_ai.provider.name"] = "openai",
                ["gen_ai.request.model"] = "backend-model",
                ["gen_ai.request.max_tokens"] = 9L,
                ["airouter.model"] = "two-targets",
                ["airouter.backend"] = attempts[0]["airouter.backend"],
                ["airouter.attempt"] = 1L,
                ["server.address"] = "127.0.0.1",
                ["server.port"] = (long)router.Upstream.Url.Port,
                ["error.type"] = "BackendError",
            },
            attempts[0]);
        Assert.Equal(("Error", ""), (attempts[0].Status, attempts[0].StatusMessage));
        Assert.Equal(500L, attempts[0]["http.response.status_code"]);

        Assert.Equal(("Unset", 2L), (attempts[1].Status, attempts[1]["airouter.attempt"]));
        Assert.Null(attempts[1]["error.type"]);
        Assert.Equal(["length"], Assert.IsType<object?[]>(attempts[1]["gen_ai.response.finish_reasons"]));
        Assert.Equal(
            ["other", "up"], attempts.Select(static a => Assert.IsType<string>(a["airouter.backend"])).Order(StringComparer.Ordinal));

        Assert.Equal(("chat two-targets", "Unset", 2L), (request.Name, request.Status, request["airouter.attempts"]));
        Assert.Equal(attempts[1]["airouter.backend"], request["airouter.backend"]);
        Assert.Null(request["error.type"]);
        Assert.Equal(3L, request["gen_ai.usage.output_tokens"]);
        Assert.All(attempts, attempt => Assert.Equal(request.SpanId, attempt.ParentId));
    }

    [Fact]
    public async Task Error_of_a_backend_is_on_both_spans_by_its_cause_and_without_its_text()
    {
        var (trace, status, _, _) = await router.ChatAsync("one-try", "FAIL-ALWAYS");
        Assert.Equal(500, status);
        var request = await router.RequestSpanAsync(trace);
        var attempt = Assert.Single(router.Attempts(trace));

        foreach (var span in new[] { request, attempt })
        {
            Assert.Equal(("Error", "", "BackendError"), (span.Status, span.StatusMessage, span["error.type"]));
            Assert.Empty(span.Events);
        }

        AssertAttributes(
            new()
            {
                ["gen_ai.operation.name"] = "chat",
                ["gen_ai.provider.name"] = "openai",
                ["gen_ai.request.model"] = "one-try",
                ["airouter.model"] = "one-try",
                ["airouter.backend"] = "up",
                ["airouter.attempts"] = 1L,
                ["airouter.request.id"] = request["airouter.request.id"],
                ["server.address"] = "127.0.0.1",
                ["server.port"] = request["server.port"],
                ["error.type"] = "BackendError",
            },
            request);
        Assert.False(router.Collector.HasReceived("trace", "UPSTREAM-TEXT"));
    }

    [Fact]
    public async Task Stream_that_breaks_off_is_an_error_though_its_status_was_200()
    {
        var (trace, status, _, _) = await router.ChatAsync("public-model", "BREAK", "\"stream\":true");
        Assert.Equal(200, status);
        var request = await router.RequestSpanAsync(trace);
        var attempt = Assert.Single(router.Attempts(trace));

        // Not the exception by which such a stream ends.
        Assert.Equal(("chat public-model", "Error", "BackendStreamBroken"), (request.Name, request.Status, request["error.type"]));
        Assert.Equal(("chat backend-model", "Error", "BackendStreamBroken"), (attempt.Name, attempt.Status, attempt["error.type"]));
        Assert.Equal("chatcmpl-up", attempt["gen_ai.response.id"]);
        Assert.Empty(request.Events);
    }

    [Fact]
    public async Task Request_that_is_refused_has_its_cause_and_no_attempt_and_no_name_that_a_client_made_up()
    {
        var (trace, status, _, _) = await router.ChatAsync("MADE-UP", "PROMPT");
        Assert.Equal(404, status);
        var request = await router.RequestSpanAsync(trace);

        Assert.Empty(router.Attempts(trace));
        Assert.Equal(("chat", "Unset", "ModelNotFound"), (request.Name, request.Status, request["error.type"]));
        Assert.Null(request["gen_ai.provider.name"]);
        Assert.False(router.Collector.HasReceived("trace", "MADE-UP"));
    }

    [Fact]
    public async Task Wildcard_models_share_one_span_name()
    {
        var (trace, _, _, _) = await router.ChatAsync("any-thing", "PROMPT");
        var request = await router.RequestSpanAsync(trace);

        Assert.Equal("chat any-*", request.Name);
        Assert.Equal("any-thing", request["gen_ai.request.model"]);
        Assert.Equal("chat any-*", Assert.Single(router.Attempts(trace)).Name);
    }

    [Fact]
    public async Task Trace_context_reaches_the_backend_from_the_attempts_span()
    {
        var (trace, _, _, _) = await router.ChatAsync("public-model", "CONTEXT", state: "vendor=1");
        await router.RequestSpanAsync(trace);
        var attempt = Assert.Single(router.Attempts(trace));
        var sent = Assert.Single(router.Upstream.Requests, r => r.Header("traceparent")?.Contains(trace, StringComparison.Ordinal) is true);

        Assert.Equal($"00-{trace}-{attempt.SpanId}-01", sent.Header("traceparent"));
        Assert.Equal("vendor=1", sent.Header("tracestate"));
        Assert.Equal("vendor=1", attempt.TraceState);

        // The attempt is the only span of the call: none of the HTTP client's stands beside it.
        Assert.Equal(2, router.Collector.Spans.Count(span => span.TraceId == trace));
    }

    [Fact]
    public async Task Trace_that_is_not_sampled_goes_on_unsampled_and_leaves_no_span()
    {
        var (trace, _, _, returned) = await router.ChatAsync("public-model", "PROMPT", sampled: false);
        var (after, _, _, _) = await router.ChatAsync("public-model", "PROMPT");
        await router.RequestSpanAsync(after);

        Assert.Contains(trace, returned, StringComparison.Ordinal);
        Assert.EndsWith("-00", returned, StringComparison.Ordinal);
        Assert.Contains(router.Upstream.Requests, r =>
            r.Header("traceparent") is { } sent && sent.Contains(trace, StringComparison.Ordinal) && sent.EndsWith("-00", StringComparison.Ordinal));
        Assert.DoesNotContain(router.Collector.Spans, span => span.TraceId == trace);
    }

    [Fact]
    public async Task Log_records_carry_the_trace_of_their_request()
    {
        var (trace, _, _, _) = await router.ChatAsync("public-model", "PROMPT");
        var request = await router.RequestSpanAsync(trace);
        var id = Assert.IsType<string>(request["airouter.request.id"]);

        var line = await router.Collector.LogAsync(log => log.Body is string body && body.Contains(id, StringComparison.Ordinal));

        Assert.Equal((trace, request.SpanId, "Information"), (line.TraceId, line.SpanId, line.Severity));
        Assert.Equal("ai_router", line.Resource["service.name"]);
    }

    [Fact]
    public async Task R39_key_in_a_path_is_in_no_log_record_and_on_no_span()
    {
        var (trace, status, _, _) = await router.PostAsync("sk-air-KEY-IN-THE-PATH", "{}");

        await router.Collector.LogAsync(log => log.TraceId == trace && log.Category.EndsWith("AccessLog", StringComparison.Ordinal));

        var span = await router.RequestSpanAsync(trace);

        Assert.Equal(404, status);
        Assert.Equal("/v1/sk-air-…", span["url.path"]);
        Assert.False(router.Collector.HasReceived("logs", "KEY-IN-THE-PATH"));
        Assert.False(router.Collector.HasReceived("trace", "KEY-IN-THE-PATH"));
    }

    [Fact]
    public async Task Process_says_what_it_is_and_no_content_is_sent()
    {
        var (trace, _, _, _) = await router.ChatAsync("public-model", "SECRET-PROMPT", "\"stop\":\"SECRET-STOP\",\"user\":\"SECRET-USER\"");
        var request = await router.RequestSpanAsync(trace);

        Assert.Equal("ai_router", request.Resource["service.name"]);
        Assert.Equal("0.1.0", request.Resource["service.version"]);
        Assert.True(Guid.TryParse(Assert.IsType<string>(request.Resource["service.instance.id"]), out _));
        Assert.False(router.Collector.HasReceived("trace", "SECRET-"));
        Assert.False(router.Collector.HasReceived("trace", "COMPLETION"));
    }

    private static double FirstChunk(ReceivedSpan span)
    {
        var seconds = Assert.IsType<double>(span["gen_ai.response.time_to_first_chunk"]);
        Assert.InRange(seconds, 0, (span.End - span.Start) / 1e9);
        return seconds;
    }

    /// <summary>All attributes that are ours, and no other.</summary>
    private static void AssertAttributes(Dictionary<string, object?> expected, ReceivedSpan span) => Assert.Equal(
        Lines(expected), Lines(span.Attributes.Where(static a => _ours.Any(prefix => a.Key.StartsWith(prefix, StringComparison.Ordinal)))));

    private static string[] Lines(IEnumerable<KeyValuePair<string, object?>> attributes) =>
    [
        .. attributes
            .Select(static a => string.Create(CultureInfo.InvariantCulture, $"{a.Key} = {(a.Value is object?[] list ? string.Join(", ", list) : a.Value)} ({a.Value?.GetType().Name})"))
            .Order(StringComparer.Ordinal),
    ];
}
