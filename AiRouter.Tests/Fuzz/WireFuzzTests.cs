using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton.Protocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Fuzz;

/// <summary>What clients and backends send.</summary>
public sealed class WireFuzzTests
{
    private const string Chunk =
        """{"id":"c","object":"chat.completion.chunk","created":1,"model":"backend","choices":[{"index":0,"delta":{"role":"assistant","content":"hé \ud83d\ude00"},"logprobs":null,"finish_reason":null}],"usage":null}""";

    private static readonly SpoolFolder Folder = new(new ConfigurationBuilder().Build(), NullLogger<SpoolFolder>.Instance);

    private static readonly byte[][] JsonPieces = Bytes(
        "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u0000", "\\ud800", "\\ud83d\\ude00", "null", "true", "1e999", "-0", "\"model\":", "\"m\\u006fdel\":1,",
        "\0", "\u00ff", "\ufeff", "\n", " ", "[[[[[[[[", "{\"a\":", "\"usage\":{}", "9999999999999999999999", "\"choices\":[", "\"error\":{\"message\":1}");

    [Fact]
    public Task Event_streams_end_in_events_or_an_error() => Fuzzer.RunAsync(
        Bytes(
            $"data: {Chunk}\n\ndata: {Chunk.Replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"", StringComparison.Ordinal)}\n\ndata: [DONE]\n\n",
            $": ping\r\n\r\nevent: message\r\nid: 1\r\ndata: {Chunk}\r\n\r\ndata: [DONE]\r\n\r\n",
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}\r\rdata: {\"error\":{\"message\":\"x\",\"code\":5}}\r\r",
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":1}}}\n\n" +
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"x\"}}\n\n" +
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\n" +
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}\n\n" +
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"model\":\"m\",\"usage\":{\"input_tokens\":1}}}\n\n"),
        [.. JsonPieces, .. Bytes("data: ", "data:", "\n\n", "\r", "\r\n\r\n", "event: error\n", ": x\n", "[DONE]", "data: [DONE]\n\n")],
        (1 << 20, 200),
        static (input, random) =>
        {
            var exchange = new Exchange(new DefaultHttpContext(), new Operation { Name = "chat", Path = "/chat/completions" }, null!, "id")
            {
                Facts = new RequestFacts { Model = "public", Stream = true, IncludeUsage = random.Next(2) == 0 },
            };
            Func<ReadOnlySpan<byte>, ApiError> readError = static _ => new ApiError(ErrorCause.BackendError, "x");
            FrameRelay relay = random.Next(4) switch
            {
                3 => new MessagesRelay(exchange, readError),
                0 => new ResponsesRelay(exchange, readError),
                1 => new OpaqueRelay(exchange, readError),
                _ => new ChatRelay(exchange, readError),
            };
            using var frames = new FrameBuffer();
            var output = new ArrayBufferWriter<byte>();
            var at = 0;
            while (true)
            {
                var space = frames.Space().Span;
                var count = Math.Min(Math.Min(random.Next(1, 200), space.Length), input.Length - at);
                input.AsSpan(at, count).CopyTo(space);
                frames.Advance(count);
                at += count;
                var isEnd = at == input.Length;
                var result = relay.RelayAll(frames, output, isEnd, out _);
                Assert.Equal(result == RelayResult.Failed, relay.Failure is not null);
                if (isEnd || result is RelayResult.Done or RelayResult.Failed)
                {
                    return;
                }
            }
        });

    [Fact]
    public Task Json_is_refused_or_changed_as_an_object_model_would() => Fuzzer.RunAsync(
        Bytes(
            """{"model":"m","messages":[{"role":"user","content":"hé \ud83d\ude00"}],"stream":true,"stream_options":{"include_usage":true},"n":2}""",
            """ { "a" : 1.5e3 , "m\u006fdel" : null, "b":[[],{}], "c":"\"model\":1" , "":{} } """,
            """{"input":["a","b"],"temperature":0.0,"logit_bias":{"1":-100},"stop":["\n"]}""",
            "{}"),
        JsonPieces,
        (1 << 20, 400),
        static (input, random) =>
        {
            using var index = JsonIndex.Read(input, out var error);
            Assert.Equal(index is null, error is not null);
            if (index is null)
            {
                return;
            }

            // Whoever accepts what a strict parser does not would send two readers two bodies.
            var expected = JsonNode.Parse(input, documentOptions: new JsonDocumentOptions { MaxDepth = JsonIndex.MaxDepth })!.AsObject();
            _ = RequestFacts.Read(index, new Operation { Name = "chat", Path = "/chat/completions", MayStream = true }, out _);
            var names = expected.Select(static m => m.Key).Append("model").Append("new").Distinct().ToArray();
            var changes = new MemberChanges(index);
            for (var left = random.Next(4); left > 0 && names.Length > 0; left--)
            {
                var name = names[random.Next(names.Length)];
                if (random.Next(2) == 0)
                {
                    changes.Remove(name);
                    expected.Remove(name);
                    names = [.. names.Where(n => n != name)];
                }
                else
                {
                    changes.Set(name, JsonText.Quote("new \"value\" \u00fc"));
                    expected[name] = "new \"value\" \u00fc";
                }
            }

            var edits = changes.ToEdits();
            var output = new ArrayBufferWriter<byte>();
            edits.WriteTo(output, input);
            Assert.Equal(output.WrittenCount, edits.ResultLength(input.Length));

            // Member by member, as text: below the top a name may be there twice and a number be too large, which nodes cannot compare.
            var changed = JsonNode.Parse(output.WrittenSpan, documentOptions: new JsonDocumentOptions { MaxDepth = JsonIndex.MaxDepth })!.AsObject();
            Assert.Equal(expected.Select(static m => m.Key).Order(StringComparer.Ordinal), changed.Select(static m => m.Key).Order(StringComparer.Ordinal));
            Assert.All(expected, m => Assert.Equal(m.Value?.ToJsonString(), changed[m.Key]?.ToJsonString()));
        });

    [Fact]
    public Task Forms_are_refused_or_have_parts_that_lie_in_them_in_order() => Fuzzer.RunAsync(
        Bytes(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n" +
            "--b\r\nContent-Disposition: form-data; name=model\r\n\r\nm\r\n--b--\r\n",
            "preamble\r\n--b\r\ncontent-disposition:form-data;name=\"a;b=\\\"c\\\"\";filename*=UTF-8''x\r\n\r\n\r\n--b \r\nContent-Disposition: form-data; name=stream\r\n\r\ntrue\r\n--b--",
            "--b--\r\n"),
        Bytes("--b", "\r\n--b", "--b--", "\r\n", "\r\n\r\n", "\"", "\\", ";", "=", "name=", "filename=\"", "Content-Disposition: form-data; name=x\r\n\r\n", "\0", "\u00ff", " ", "-"),
        (1 << 20, 400),
        static (input, _) =>
        {
            using var bytes = new SpooledBytes(new BodyBudget(), Folder);
            Assert.Null(bytes.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(input)), null, long.MaxValue, long.MaxValue, default).AsTask().GetAwaiter().GetResult());
            var (parts, error) = new MultipartScanner(bytes, "b").ScanAsync(default).AsTask().GetAwaiter().GetResult();
            if (error is not null)
            {
                return;
            }

            var at = 0L;
            foreach (var part in parts)
            {
                Assert.True(at <= part.Start && part.Start < part.ValueStart && part.ValueLength >= 0);
                at = part.ValueStart + part.ValueLength;
            }

            Assert.True(at <= input.Length);
            if (parts.Count(static p => p.Name == "model") > 1)
            {
                return;
            }

            var upload = new UploadBody(bytes, "multipart/form-data; boundary=b", parts, "b");
            using var content = new ClientContent(new ForwardedUpload(upload, FormEdits.Model(upload, new FormChanges(upload), "new")));
            var sent = content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
            using var again = new SpooledBytes(new BodyBudget(), Folder);
            Assert.Null(again.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(sent)), null, long.MaxValue, long.MaxValue, default).AsTask().GetAwaiter().GetResult());
            var (changed, problem) = new MultipartScanner(again, "b").ScanAsync(default).AsTask().GetAwaiter().GetResult();
            Assert.Null(problem);
            Assert.Equal(parts.Select(static p => p.Name).Append("model").Distinct().Order(StringComparer.Ordinal), changed.Select(static p => p.Name).Distinct().Order(StringComparer.Ordinal));
        });

    [Fact]
    public Task Messages_of_triton_are_malformed_or_have_tensors_that_can_be_read() => Fuzzer.RunAsync(
        [
            Responses.Text("hé", isFinal: true).ToByteArray(),
            Responses.New().WithText("x").WithInt32("num_output_tokens", 7, 1, 1).With("log", "FP32", [2], new byte[8]).Build(isFinal: true).ToByteArray(),
            Responses.New().With("half", "FP16", [2], [0, 0x3C, 0, 0xC0]).With("dims", "INT64", [1, 2, 3], new byte[48]).Build().ToByteArray(),
            Responses.Error("in band").ToByteArray(),
            Typed().ToByteArray(),
        ],
        [[0x0A], [0x12], [0x2A], [0x32], [0xFF], [0x7F], [0x80, 0x80, 0x80, 0x80, 0x10], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x08, 0x01], .. Bytes("BYTES", "text_output", "INT32", "FP64")],
        (1 << 20, 200),
        static (input, random) =>
        {
            var response = new InferResponse();
            var floats = new float[64];

            // Used again for each message, as the pool does it: what an earlier one left behind must not show.
            for (var i = random.Next(3); i >= 0; i--)
            {
                response.Read(new ReadOnlySequence<byte>(input));
            }

            if (response.IsMalformed)
            {
                return;
            }

            Assert.True(response.Error.Length <= input.Length);
            foreach (var name in new[] { "text_output"u8.ToArray(), "num_output_tokens"u8.ToArray(), "log"u8.ToArray(), "half"u8.ToArray(), "dims"u8.ToArray(), [] })
            {
                if (response.TryFind(name, out var tensor))
                {
                    Assert.True(tensor.Elements >= 0);
                    if (tensor.TryReadText(out var text))
                    {
                        Assert.True(text.Length <= input.Length);
                    }

                    _ = tensor.TryReadSum(out _);
                    _ = tensor.TryReadFloats(floats);
                }
            }

            response.Clear();
        });

    private static AiRouter.Triton.Contract.ModelStreamInferResponse Typed()
    {
        var output = new AiRouter.Triton.Contract.ModelInferResponse.Types.InferOutputTensor
        {
            Name = "text_output",
            Datatype = "BYTES",
            Contents = new AiRouter.Triton.Contract.InferTensorContents(),
        };
        output.Shape.Add(1);
        output.Contents.BytesContents.Add(ByteString.CopyFromUtf8("first"));
        var message = new AiRouter.Triton.Contract.ModelInferResponse();
        message.Outputs.Add(output);
        return new AiRouter.Triton.Contract.ModelStreamInferResponse { InferResponse = message };
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

}
