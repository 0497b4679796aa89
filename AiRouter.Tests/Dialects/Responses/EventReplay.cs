using System.Text.Json.Nodes;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>
/// Builds the output of a response from its events alone, as clients do, and checks their order: what an event speaks of is there and
/// open, places count up, only calls are open beside one another, pieces make the whole, and everything that was begun has ended.
/// </summary>
internal sealed class EventReplay
{
    private readonly HashSet<int> _done = [];

    /// <summary>Replays the events of a stream that came to its end.</summary>
    public EventReplay(List<JsonObject> events)
    {
        Assert.Equal(["response.created", "response.in_progress"], events.Take(2).Select(e => (string?)e["type"]));
        foreach (var data in events.Skip(2).SkipLast(1))
        {
            Apply((string)data["type"]!, data);
        }

        Assert.Contains((string?)events[^1]["type"], (string?[])["response.completed", "response.incomplete"]);
        Assert.Equal(Output.Count, _done.Count);
    }

    /// <summary>The items.</summary>
    public JsonArray Output { get; } = [];

    private void Apply(string type, JsonObject data)
    {
        var index = (int)data["output_index"]!;
        if (type == "response.output_item.added")
        {
            Assert.Equal(Output.Count, index);
            Assert.Equal("in_progress", (string?)data["item"]!["status"]);
            Assert.All(Output.Index().Where(known => !_done.Contains(known.Index)), open => Assert.NotNull(open.Item!["call_id"]));
            Output.Add(data["item"]!.DeepClone());
            return;
        }

        var item = (JsonObject)Output[index]!;
        Assert.DoesNotContain(index, _done);
        if (type == "response.output_item.done")
        {
            Assert.Equal((string?)item["id"], (string?)data["item"]!["id"]);
            Same(item, (JsonObject)data["item"]!);
            Output[index] = data["item"]!.DeepClone();
            _done.Add(index);
            return;
        }

        Assert.Equal((string?)item["id"], (string?)data["item_id"]);
        if (data["content_index"] is { } place)
        {
            ApplyToPart(type, data, item["content"]!.AsArray(), (int)place);
        }
        else
        {
            var member = (string?)item["type"] == "function_call" ? "arguments" : "input";
            Grow(type, data, item, member);
        }
    }

    private static void ApplyToPart(string type, JsonObject data, JsonArray content, int place)
    {
        switch (type)
        {
            case "response.content_part.added":
                Assert.Equal(content.Count, place);
                content.Add(data["part"]!.DeepClone());
                break;
            case "response.content_part.done":
                Assert.True(JsonNode.DeepEquals(content[place], data["part"]));
                break;
            default:
                var part = (JsonObject)content[place]!;
                Assert.StartsWith($"response.{(string?)part["type"]}.", type, StringComparison.Ordinal);
                Grow(type, data, part, (string?)part["type"] == "refusal" ? "refusal" : "text");
                if (type == "response.output_text.delta")
                {
                    foreach (var token in data["logprobs"]!.AsArray())
                    {
                        part["logprobs"]!.AsArray().Add(token!.DeepClone());
                    }
                }
                else if (type == "response.output_text.done")
                {
                    // Tokens behind the last text are told here.
                    part["logprobs"] = data["logprobs"]!.DeepClone();
                }

                break;
        }
    }

    private static void Grow(string type, JsonObject data, JsonObject target, string member)
    {
        if (type.EndsWith(".delta", StringComparison.Ordinal))
        {
            Assert.NotEqual("", (string?)data["delta"]);
            target[member] = (string?)target[member] + (string?)data["delta"];
        }
        else
        {
            Assert.EndsWith(".done", type, StringComparison.Ordinal);
            Assert.Equal((string?)target[member], (string?)data[member]);
        }
    }

    private static void Same(JsonObject grown, JsonObject told)
    {
        var expected = (JsonObject)grown.DeepClone();
        expected["status"] = told["status"]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(expected, told), $"{expected.ToJsonString()} is not {told.ToJsonString()}");
    }
}
