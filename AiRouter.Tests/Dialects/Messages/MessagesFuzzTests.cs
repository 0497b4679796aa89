using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Backends.Anthropic.Requests;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;
using AiRouter.Tests.Fuzz;

namespace AiRouter.Tests.Dialects.Messages;

/// <summary>JSON of any shape: a translation or an error, and never an exception.</summary>
public sealed class MessagesFuzzTests
{
    private static readonly byte[][] Pieces =
        Bytes(
            "{}", "[]", "null", "5", "\"\"", "\"\\ud800\"", ",", "{\"type\":\"text\",\"text\":\"x\"},", "\"type\":5,", "\"content\":[],",
            "1e999", "-1", "true", "\"x\":");

    [Fact]
    public Task Requests_of_clients_are_refused_or_translated() => Fuzzer.RunAsync(
        Bytes(
            """{"model":"m","max_tokens":5,"system":[{"type":"text","text":"s"}],"thinking":""" +
            """{"type":"enabled","budget_tokens":5},"output_config":{"effort":"low","format":{"type":"json_schema","schema":""" +
            """{}}},"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"f"},"messages":[""" +
            """{"role":"user","content":"x"}]}""",
            """{"stream":true,"stop_sequences":["a"],"metadata":{"user_id":"u"},"messages":[{"role":"assistant","content":[""" +
            """{"type":"thinking","thinking":"t"},{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[""" +
            """{"type":"tool_result","tool_use_id":"a","is_error":true,"content":[{"type":"text","text":"x"},{"type":"image","source":""" +
            """{"type":"url","url":"u"}}]},{"type":"document","title":"t","source":{"type":"content","content":[""" +
            """{"type":"text","text":"y"}]}},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"A"}}]}]}"""),
        Pieces,
        (1 << 20, 2000),
        static (input, _) =>
        {
            if (Parse(input) is not JsonObject request)
            {
                return;
            }

            var chat = MessagesDialect.Instance.ToChat(request, out var error);
            Assert.True(chat is null != error is null);
            if (chat is not null)
            {
                Assert.NotEmpty(JsonBytes.RelaxedOf(chat));
                MessagesDialect.Instance.Begin(request, new AiRouter.Api.Dialects.DialectHead("m", 1, static () => "x"));
            }
        });

    [Fact]
    public Task Answers_of_chat_are_translated() => Fuzzer.RunAsync(
        Bytes(
            """{"choices":[{"index":0,"message":{"content":"x","reasoning_content":"r","refusal":"n","tool_calls":[""" +
            """{"id":"a","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"stop","stop_reason":"x"}],"usage":""" +
            """{"prompt_tokens":5,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":2}}}""",
            """{"choices":[{"index":0,"delta":{"content":"x","reasoning_content":"r","refusal":"n","tool_calls":[""" +
            """{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]},"finish_reason":"stop"}]}"""),
        Pieces,
        (1 << 20, 4000),
        static (input, _) =>
        {
            if (Document(input) is not { } document)
            {
                return;
            }

            using var disposed = document;
            var whole = new ArrayBufferWriter<byte>();
            var stream = new ArrayBufferWriter<byte>();
            Translated.Begin("{}").WriteWhole(document.RootElement, whole);
            var answer = Translated.Begin("{}");
            answer.WriteChunk(document.RootElement, stream);
            answer.WriteChunk(document.RootElement, stream);
            answer.WriteEnd(stream);
            answer.WriteError(document.RootElement, stream);

            Assert.NotNull(Document(whole.WrittenSpan.ToArray()));
            Assert.All(
                Encoding.UTF8.GetString(stream.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries),
                frame => Assert.NotNull(
                    Document(Encoding.UTF8.GetBytes(frame[(frame.IndexOf("data: ", StringComparison.Ordinal) + 6)..]))));
        });

    [Fact]
    public Task Requests_of_chat_are_refused_or_translated() => Fuzzer.RunAsync(
        Bytes(
            """{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"image_url","image_url":""" +
            """{"url":"data:image/png;base64,AA"}}]},{"role":"assistant","content":null,"tool_calls":[""" +
            """{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},""" +
            """{"role":"tool","tool_call_id":"a","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":""" +
            """{}}}],"tool_choice":"auto"}""",
            """{"messages":[{"role":"user","content":"x"}],"stop":["a"],"temperature":0.5,"response_format":""" +
            """{"type":"json_schema","json_schema":{"schema":{}}},"reasoning_effort":"low","output_config":""" +
            """{},"user":"u","n":1,"stream":true}"""),
        Pieces,
        (1 << 20, 2000),
        static (input, _) =>
        {
            if (Document(input) is not { RootElement.ValueKind: JsonValueKind.Object } document)
            {
                return;
            }

            using var disposed = document;
            try
            {
                var reader = JsonElements.MembersOf(document.RootElement);
                var request = MessagesRequest.From(reader, new UnsupportedList(UnsupportedParameters.Drop, "m"));
                Assert.True(reader.Error is not null || JsonBytes.RelaxedOf(request).Length > 0);
            }
            catch (Exception exception) when (OddJson.IsCause(exception))
            {
                // What the callers refuse.
            }
        });

    [Fact]
    public Task Answers_of_Anthropic_are_refused_or_translated() => Fuzzer.RunAsync(
        Bytes(
            """{"id":"msg","type":"message","model":"m","content":[{"type":"text","text":"x"},{"type":"thinking","thinking":"t"},""" +
            """{"type":"tool_use","id":"a","name":"f","input":{"a":1}}],"stop_reason":"end_turn","stop_sequence":"x","usage":""" +
            """{"input_tokens":1,"output_tokens":2}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}""",
            """{"type":"error","error":{"type":"overloaded_error","message":"x"}}"""),
        Pieces,
        (1 << 20, 4000),
        static (input, _) =>
        {
            var output = new ArrayBufferWriter<byte>();
            var translation = new ChunkTranslation(1);
            try
            {
                translation.Write(EventFrame.Read([.. "data: "u8, .. input]), output);
                translation.Write(EventFrame.Read("data: {\"type\":\"message_stop\"}"u8), output);
            }
            catch (InvalidDataException)
            {
                // The documented answer to what is no JSON.
            }

            if (Document(input) is { } document)
            {
                using var disposed = document;
                var whole = new ArrayBufferWriter<byte>();
                Assert.True(
                    !CompletionWriter.TryWrite(document.RootElement, 1, whole) || Document(whole.WrittenSpan.ToArray()) is not null);
            }
        });

    // R43: what is no UTF-8 is refused with the body.
    private static JsonNode? Parse(byte[] json)
    {
        try
        {
            return Utf8.IsValid(json) ? JsonNode.Parse(json) : null;
        }
        catch (JsonException)
        {
            // No JSON does not come here: bodies are read before.
            return null;
        }
    }

    private static JsonDocument? Document(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            // As above.
            return null;
        }
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
