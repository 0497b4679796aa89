using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Core.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>What holds for every conversation, every answer and every way to cut it, and what never happens.</summary>
public sealed class TranslationPropertyTests
{
    private const string Settings =
        """
        {"model":"m","instructions":"i","input":[
          {"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"u","detail":"low"},
            {"type":"input_file","filename":"f","file_data":"d"}]},
          {"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"s"}],"content":[{"type":"reasoning_text","text":"t"}]},
          {"type":"message","role":"assistant","content":[{"type":"output_text","text":"o"},{"type":"refusal","refusal":"r"}]},
          {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
          {"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"x"}]},
          {"type":"custom_tool_call","call_id":"k","name":"g","input":"i"},
          {"type":"custom_tool_call_output","call_id":"k","output":"y"}],
         "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true},
           {"type":"custom","name":"g","format":{"type":"grammar","syntax":"lark","definition":"d"}}],
         "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]},"parallel_tool_calls":false,
         "text":{"format":{"type":"json_schema","name":"n","schema":{}},"verbosity":"low"},"reasoning":{"effort":"low","summary":"auto"},
         "include":["message.output_text.logprobs"],"top_logprobs":1,"max_output_tokens":5,"stream":true,
         "stream_options":{"include_obfuscation":false},"metadata":{"a":"b"},"conversation":{"id":"c"},"service_tier":"flex","store":true,
         "background":false,"previous_response_id":"p","prompt":null,"user":"u","temperature":1,"truncation":"auto"}
        """;

    private static readonly string[] Answer =
    [
        """
        {"id":"c","created":1,"model":"m","service_tier":"flex","choices":[
          {"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}
        """,
        """{"choices":[{"index":0,"delta":{"reasoning_content":"a"},"finish_reason":null}]}""",
        """
        {"choices":[
          {"index":0,"delta":{"content":"a"},
           "logprobs":{"content":[{"token":"a","logprob":-1,"bytes":[97],
             "top_logprobs":[{"token":"b","logprob":-2,"bytes":null}]}]},"finish_reason":null}]}
        """,
        """{"choices":[{"index":0,"delta":{"refusal":"a"},"finish_reason":null}]}""",
        """
        {"choices":[
          {"index":0,"delta":{"tool_calls":[
             {"index":0,"id":"i","type":"function","function":{"name":"f","arguments":"{"}}]},"finish_reason":null}]}
        """,
        """
        {"choices":[
          {"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}},
             {"index":1,"type":"custom","id":"j","custom":{"name":"g","input":"x"}}]},"finish_reason":null}]}
        """,
        """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
        """
        {"choices":[],
         "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":0}}}
        """,
    ];

    [Property(MaxTest = 500)]
    public Property Conversation_means_the_same_in_both() => Prop.ForAll(Conversation.Any.ToArbitrary(), conversation =>
    {
        var request = new JsonObject { ["model"] = "m", ["input"] = conversation.ToItems() };

        var chat = new ResponsesDialect().ToChat(Parsed(request), out var error);

        Assert.Null(error);
        Assert.Equal(Sorted(conversation.ToMessages()), Sorted(chat!["messages"]));
    });

    [Property(MaxTest = 500)]
    public Property Answer_that_is_sent_back_is_the_same_message() => Prop.ForAll(Conversation.Answer.ToArbitrary(), said =>
    {
        var response = ResponsesRun.WholeNode(Completion(said, "stop").ToJsonString());
        var request = new JsonObject { ["model"] = "m", ["input"] = response["output"]!.DeepClone() };

        var chat = new ResponsesDialect().ToChat(Parsed(request), out var error);

        Assert.Null(error);
        var expected = said.ToMessage();
        if (said.Text.Length == 0 && said.Refusal.Length == 0 && said.Calls.Count == 0)
        {
            // Clients look for a message, so there is an empty one.
            expected["content"] = "";
        }

        Assert.Equal(Sorted(new JsonArray(expected)), Sorted(chat!["messages"]));
    });

    [Property(MaxTest = 500)]
    public Property Streamed_answer_is_the_whole_one_however_it_is_cut() => Prop.ForAll(
        (from said in Conversation.Answer
         from cuts in Gen.ArrayOf(Gen.Choose(1, 4), 8)
         from byTurns in Gen.Elements(true, false)
         from finish in Gen.Elements("stop", "tool_calls", "length", "content_filter")
         select (said, cuts, byTurns, finish)).ToArbitrary(),
        given =>
        {
            var whole = ResponsesRun.WholeNode(Completion(given.said, given.finish).ToJsonString());
            var events = ResponsesRun.Events(ResponsesRun.Stream(Cut(given.said, given.cuts, given.byTurns, given.finish)));

            var streamed = (JsonObject)events[^1]["response"]!;
            Assert.Equal(Sorted(WithoutIds(whole)), Sorted(WithoutIds(streamed)));
            Assert.Equal(Sorted(streamed["output"]), Sorted(new EventReplay(events).Output));
        });

    [Property(MaxTest = 2_000)]
    public void Request_of_odd_types_is_translated_or_refused(int seed)
    {
        var request = Mutated(Settings, new Random(seed));

        var chat = new ResponsesDialect().ToChat(request, out var error);

        Assert.NotEqual(chat is null, error is null);
        if (chat is not null)
        {
            Assert.NotEmpty(JsonBytes.RelaxedOf(chat));
            Assert.NotEmpty(ResponsesRun.Whole(Completion(new Said("", "a", "", []), "stop").ToJsonString(), request.ToJsonString()));
        }
    }

    [Property(MaxTest = 2_000)]
    public void Chunks_of_odd_types_give_events_in_order(int seed)
    {
        var random = new Random(seed);
        var chunks = Answer.Select(chunk => random.Next(3) == 0 ? Mutated(chunk, random).ToJsonString() : chunk).ToList();

        var events = ResponsesRun.Events(ResponsesRun.Stream(chunks));

        Assert.Equal(Sorted(events[^1]["response"]!["output"]), Sorted(new EventReplay(events).Output));
    }

    private static JsonObject Completion(Said said, string finish) => new()
    {
        ["id"] = "chatcmpl-1",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = said.ToMessage(), ["finish_reason"] = finish }),
        ["usage"] = JsonNode.Parse("""
            {"prompt_tokens":12,"completion_tokens":7,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":4},
             "completion_tokens_details":{"reasoning_tokens":3}}
            """),
    };

    /// <summary>The chunks of an answer, its texts cut anywhere but within a code point.</summary>
    private static List<string> Cut(Said said, int[] cuts, bool byTurns, string finish)
    {
        var at = 0;
        List<string> chunks = [Chunks.Role];
        chunks.AddRange(Pieces(said.Thought).Select(Chunks.Thought));
        chunks.AddRange(Pieces(said.Text).Select(Chunks.Text));
        chunks.AddRange(Pieces(said.Refusal).Select(Chunks.Refusal));
        var calls = said.Calls.Select((call, index) =>
            Pieces(call.Arguments).Select(piece => Chunks.Arguments(index, piece)).Prepend(Chunks.Call(index, call.Id, call.Name)));
        chunks.AddRange(
            byTurns
                ? calls.SelectMany(pieces => pieces.Index()).OrderBy(piece => piece.Index).Select(piece => piece.Item)
                : calls.SelectMany(pieces => pieces));

        return [.. chunks, Chunks.Finish(finish), Chunks.Usage];

        IEnumerable<string> Pieces(string text)
        {
            var runes = text.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
            for (var start = 0; start < runes.Length;)
            {
                var length = Math.Min(cuts[at++ % cuts.Length], runes.Length - start);
                yield return string.Concat(runes[start..(start + length)]);
                start += length;
            }
        }
    }

    /// <summary>A copy in which one value is another.</summary>
    private static JsonObject Mutated(string json, Random random)
    {
        var root = new JsonArray(JsonNode.Parse(json));
        JsonNode at = root;
        while (true)
        {
            var children = at switch
            {
                JsonArray list =>
                    [.. list.Select((child, index) => (Child: child, Set: (Action<JsonNode?>)(value => list[index] = value)))],
                JsonObject owner => owner.Select(m => (Child: m.Value, Set: (Action<JsonNode?>)(value => owner[m.Key] = value))).ToList(),
                _ => [],
            };
            var (child, set) = children[random.Next(children.Count)];
            var hasMore = child is JsonArray { Count: > 0 } or JsonObject { Count: > 0 };
            if (hasMore && (at == root || random.Next(6) > 0))
            {
                at = child!;
                continue;
            }

            set(random.Next(11) switch
            {
                0 => null,
                1 => "",
                2 => "text",
                3 => 0,
                4 => -1.5,
                5 => true,
                6 => new JsonArray(),
                7 => new JsonObject(),
                8 => new JsonArray("a", 1, null, new JsonObject { ["type"] = "function" }),
                9 => new JsonObject { ["type"] = 5, ["name"] = "x", ["text"] = new JsonArray() },
                _ => 1e300,
            });
            return Parsed((JsonObject)root[0]!);
        }
    }

    private static JsonObject Parsed(JsonObject node) => JsonBytes.ReadObject(JsonBytes.Of(node));

    private static JsonObject WithoutIds(JsonObject response)
    {
        var copy = (JsonObject)response.DeepClone();
        copy.Remove("id");
        foreach (var item in copy["output"]!.AsArray())
        {
            item!.AsObject().Remove("id");
        }

        return copy;
    }

    /// <summary>The same text for the same JSON, whatever the order of its members.</summary>
    private static string Sorted(JsonNode? node)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            WriteSorted(json, node);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void WriteSorted(Utf8JsonWriter json, JsonNode? node)
    {
        switch (node)
        {
            case null:
                json.WriteNullValue();
                break;
            case JsonObject owner:
                json.WriteStartObject();
                foreach (var (name, value) in owner.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    WriteSorted(json, value);
                }

                json.WriteEndObject();
                break;
            case JsonArray list:
                json.WriteStartArray();
                foreach (var item in list)
                {
                    WriteSorted(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                node.WriteTo(json);
                break;
        }
    }
}
