using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Backends.Anthropic.Requests;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Dialects.Messages;
using FsCheck;
using FsCheck.Fluent;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>Both translations, one after the other: what was meant is what arrives.</summary>
public sealed class RoundTripTests
{
    private static readonly string[] Texts = ["a", "Grüße", "\"\\\n", " a ", "{}", "𝄞", "</s>", "\u0001", new('x', 300)];

    [Fact]
    public void Requests_keep_their_meaning_from_chat_to_messages_to_chat() => ForAll(500, seed =>
    {
        var chat = Conversation(new Random(seed));
        var reader = JsonElements.MembersOf(JsonDocument.Parse(chat.ToJsonString()).RootElement);
        var messages = MessagesRequest.From(reader, new UnsupportedList(UnsupportedParameters.Reject, "m"));
        Assert.Null(reader.Error);

        Assert.Equal(Sorted(chat), Sorted(Translated.Chat(messages.ToJsonString())));
    });

    [Fact]
    public void Whole_answers_keep_their_meaning_from_chat_to_messages_to_chat() => ForAll(500, seed =>
    {
        var completion = Completion(new Random(seed));

        using var message = JsonDocument.Parse(Translated.Whole(completion.ToJsonString()));
        var output = new ArrayBufferWriter<byte>();
        Assert.True(CompletionWriter.TryWrite(message.RootElement, 1, output));

        var back = JsonNode.Parse(output.WrittenSpan)!;
        back["id"] = "c";
        back["model"] = "m";
        Assert.Equal(completion.ToJsonString(), back.ToJsonString());
    });

    [Fact]
    public void Streams_keep_their_meaning_however_the_answer_is_cut() => ForAll(500, seed =>
    {
        var random = new Random(seed);
        var completion = Completion(random);
        var events = Translated.Stream("{}", [.. Chunks(completion, random)]);

        var translation = new ChunkTranslation(1);
        var output = new ArrayBufferWriter<byte>();
        foreach (var frame in events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            translation.Write(EventFrame.Read(Encoding.UTF8.GetBytes(frame)), output);
        }

        Assert.True(translation.IsOver);
        var assembly = new ChatAssembly(Operations.Chat);
        var frames = Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", frames[^1]);
        foreach (var frame in frames[..^1])
        {
            assembly.Add(Encoding.UTF8.GetBytes(frame["data: ".Length..]));
        }

        Assert.True(assembly.IsWhole);
        var back = JsonNode.Parse(assembly.ToJson().Span)!;
        Assert.Equal(Meaning(completion), Meaning(back));
    });

    private static string Sorted(JsonObject request) => new JsonObject(request.OrderBy(static m => m.Key, StringComparer.Ordinal)
        .Select(static m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))).ToJsonString();

    private static string Meaning(JsonNode completion)
    {
        var choice = completion["choices"]![0]!;
        var message = choice["message"]!;
        return new JsonArray(
            (string?)message["content"] ?? "", (string?)message["reasoning_content"], message["tool_calls"]?.DeepClone(), (string?)choice["finish_reason"],
            completion["usage"]?.DeepClone()).ToJsonString();
    }

    /// <summary>As chat comes back from Messages: what has two spellings has the one that comes back.</summary>
    private static JsonObject Conversation(Random random)
    {
        var messages = new JsonArray();
        if (random.Next(2) == 0)
        {
            messages.Add((JsonNode)Said("system", Text(random)));
        }

        for (var left = random.Next(4); left >= 0; left--)
        {
            messages.Add((JsonNode)new JsonObject
            {
                ["role"] = "user",
                ["content"] = random.Next(2) == 0 ? Text(random) : new JsonArray(Part(random), Image(random), Part(random)),
            });
            if (random.Next(2) == 0)
            {
                messages.Add((JsonNode)Said("assistant", Text(random)));
                continue;
            }

            var calls = Calls(random, 1 + random.Next(3));
            messages.Add((JsonNode)new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = random.Next(2) == 0 ? null : Text(random),
                ["tool_calls"] = calls,
            });
            foreach (var call in calls)
            {
                messages.Add((JsonNode)new JsonObject { ["role"] = "tool", ["tool_call_id"] = (string)call!["id"]!, ["content"] = Text(random) });
            }
        }

        if (messages[^1]!["role"]!.GetValue<string>() == "tool" || random.Next(2) == 0)
        {
            messages.Add((JsonNode)Said(messages[^1]!["role"]!.GetValue<string>() == "assistant" ? "user" : "assistant", Text(random)));
        }

        var chat = new JsonObject
        {
            ["model"] = "m",
            ["messages"] = messages,
            ["max_completion_tokens"] = random.Next(1, 9999),
        };
        AddSettings(chat, random);
        return chat;
    }

    private static void AddSettings(JsonObject chat, Random random)
    {
        Maybe("stop", () => new JsonArray(Text(random), Text(random)));
        Maybe("stream", () => true);
        if (chat.ContainsKey("stream"))
        {
            chat["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        Maybe("user", () => Text(random));
        Maybe("response_format", () => new JsonObject
        {
            ["type"] = "json_schema",
            ["json_schema"] = new JsonObject { ["name"] = "answer", ["schema"] = new JsonObject { ["type"] = "object" }, ["strict"] = true },
        });
        Maybe("reasoning_effort", () => (string[])["none", "low", "medium", "high", "xhigh", "max"] is var efforts ? efforts[random.Next(efforts.Length)] : null);
        if (random.Next(2) == 0)
        {
            chat["tools"] = new JsonArray(new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = "f", ["description"] = Text(random), ["parameters"] = new JsonObject { ["type"] = "object" } },
            });
            Maybe("tool_choice", () => random.Next(3) switch
            {
                0 => "required",
                1 => "none",
                _ => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f" } },
            });
        }

        Maybe("temperature", () => 0.5);
        Maybe("top_p", () => 0.25);
        Maybe("top_k", () => 7);

        void Maybe(string name, Func<JsonNode?> value)
        {
            if (random.Next(2) == 0)
            {
                chat[name] = value();
            }
        }
    }

    private static JsonObject Completion(Random random)
    {
        var calls = random.Next(2) == 0 ? Calls(random, 1 + random.Next(3)) : null;
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = calls is not null && random.Next(2) == 0 ? null : Text(random),
            ["refusal"] = null,
        };
        if (random.Next(2) == 0)
        {
            message["reasoning_content"] = Text(random);
        }

        if (calls is not null)
        {
            message["tool_calls"] = calls;
        }

        var (input, output, cached) = (random.Next(1000, 2000), random.Next(1000), random.Next(1000));
        return new JsonObject
        {
            ["id"] = "c",
            ["object"] = "chat.completion",
            ["created"] = 1,
            ["model"] = "m",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = null,
                ["finish_reason"] = calls is not null ? "tool_calls" : ((string[])["stop", "length", "content_filter"])[random.Next(3)],
            }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = input,
                ["completion_tokens"] = output,
                ["total_tokens"] = input + output,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = cached },
                ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = output / 2 },
            },
        };
    }

    private static IEnumerable<string> Chunks(JsonObject completion, Random random)
    {
        var choice = completion["choices"]![0]!;
        var message = choice["message"]!;
        yield return Translated.Chunk("""{"role":"assistant","content":"","refusal":null}""");
        foreach (var name in (string[])["reasoning_content", "content"])
        {
            foreach (var piece in Pieces((string?)message[name] ?? "", random))
            {
                yield return Translated.Chunk(new JsonObject { [name] = piece }.ToJsonString());
            }
        }

        var index = 0;
        foreach (var call in message["tool_calls"]?.AsArray() ?? [])
        {
            yield return Translated.Chunk(new JsonObject
            {
                ["tool_calls"] = new JsonArray(new JsonObject
                {
                    ["index"] = index,
                    ["id"] = (string)call!["id"]!,
                    ["type"] = "function",
                    ["function"] = new JsonObject { ["name"] = (string)call["function"]!["name"]!, ["arguments"] = "" },
                }),
            }.ToJsonString());
            foreach (var piece in Pieces((string)call["function"]!["arguments"]!, random))
            {
                yield return Translated.Chunk(new JsonObject
                {
                    ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = piece } }),
                }.ToJsonString());
            }

            index++;
        }

        yield return Translated.Chunk("{}", choice["finish_reason"]!.ToJsonString());
        yield return new JsonObject { ["choices"] = new JsonArray(), ["usage"] = completion["usage"]!.DeepClone() }.ToJsonString();
    }

    private static IEnumerable<string> Pieces(string text, Random random)
    {
        var runes = text.EnumerateRunes().ToList();
        while (runes.Count > 0)
        {
            var count = random.Next(1, runes.Count + 1);
            yield return string.Concat(runes.Take(count));
            runes.RemoveRange(0, count);
        }
    }

    private static JsonArray Calls(Random random, int count) => new([.. Enumerable.Range(0, count).Select(i => new JsonObject
    {
        ["id"] = $"call_{random.Next(1000)}_{i}",
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = "f",
            ["arguments"] = random.Next(2) == 0 ? "{}" : new JsonObject { ["x"] = Text(random), ["y"] = random.Next(9) }.ToJsonString(),
        },
    })]);

    private static JsonObject Said(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private static JsonObject Part(Random random) => new() { ["type"] = "text", ["text"] = Text(random) };

    private static JsonObject Image(Random random) => new()
    {
        ["type"] = "image_url",
        ["image_url"] = new JsonObject { ["url"] = random.Next(2) == 0 ? "https://example.com/a.png" : "data:image/png;base64,AAAA" },
    };

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];

    private static void ForAll(int runs, Action<int> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), holds).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(runs));
}
