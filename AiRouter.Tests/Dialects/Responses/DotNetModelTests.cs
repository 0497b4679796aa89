#pragma warning disable OPENAI001 // The library calls its Responses API experimental.
using System.ClientModel;
using System.ClientModel.Primitives;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Core.Json;
using AiRouter.Tests.Repository;
using OpenAI.Responses;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>OpenAI's models for .NET, which are strict, read what is written here, and what they write is read.</summary>
public sealed class DotNetModelTests
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "AiRouter.Tests", "Dialects", "Responses", "Golden");

    public static TheoryData<string> Streams { get; } = [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Every_event_is_known(string name)
    {
        var updates = Read(name);

        Assert.DoesNotContain(updates, update => update.GetType().Name.Contains("Unknown", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, updates.Count), updates.Select(update => update.SequenceNumber));
    }

    [Fact]
    public void Text_of_a_stream_is_the_text_of_its_response()
    {
        var updates = Read("text.txt");

        var last = Assert.IsType<StreamingResponseCompletedUpdate>(updates[^1]).Response;
        Assert.Equal(last.GetOutputText(), string.Concat(updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(u => u.Delta)));
        Assert.Equal(ResponseStatus.Completed, last.Status);
        Assert.Equal(19, last.Usage.TotalTokenCount);
        Assert.Equal(4, last.Usage.InputTokenDetails.CachedTokenCount);
        Assert.Equal(3, last.Usage.OutputTokenDetails.ReasoningTokenCount);
    }

    [Fact]
    public void Calls_of_a_stream_are_calls()
    {
        var calls = Read("calls.txt").OfType<StreamingResponseOutputItemDoneUpdate>().Select(u => (FunctionCallResponseItem)u.Item);

        Assert.Equal([("call_a", "weather", "{}"), ("call_b", "time", "{\"zone\":1}")],
            calls.Select(call => (call.CallId, call.FunctionName, call.FunctionArguments.ToString())));
    }

    [Fact]
    public void Broken_stream_has_failed()
    {
        var updates = Read("error.txt");

        Assert.Equal("One", Assert.Single(updates.OfType<StreamingResponseFailedUpdate>()).Response.GetOutputText());
        Assert.Equal("backend_stream_broken", Assert.IsType<StreamingResponseErrorUpdate>(updates[^1]).Code);
    }

    [Fact]
    public void Whole_response_has_its_items_and_the_settings_of_its_request()
    {
        var items = Whole("whole-items.json").OutputItems;
        var settings = Whole("whole-settings.json");

        Assert.Equal(5, items.Count);
        Assert.IsType<ReasoningResponseItem>(items[0]);
        Assert.Equal("No.", ((MessageResponseItem)items[1]).Content[1].Refusal);
        Assert.IsType<CustomToolCallItem>(items[4]);
        Assert.Equal(0.5f, settings.Temperature);
        Assert.Equal(100, settings.MaxOutputTokenCount);
        Assert.Equal(ResponseTextFormatKind.JsonSchema, settings.TextOptions.TextFormat.Kind);
        Assert.Equal(2, settings.Tools.Count);
    }

    [Fact]
    public void Request_that_the_library_writes_is_a_chat_request()
    {
        var options = new CreateResponseOptions(
            "m",
            [
                ResponseItem.CreateUserMessageItem(
                    [
                        ResponseContentPart.CreateInputTextPart("a"),
                        ResponseContentPart.CreateInputImagePart(new Uri("https://example.com/a.png")),
                    ]),
                ResponseItem.CreateAssistantMessageItem("b"),
                ResponseItem.CreateFunctionCallItem("c", "f", BinaryData.FromString("{}")),
                ResponseItem.CreateFunctionCallOutputItem("c", "out"),
            ])
        {
            Instructions = "i",
            MaxOutputTokenCount = 5,
            ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low },
        };
        options.Tools.Add(ResponseTool.CreateFunctionTool("f", BinaryData.FromString("{}"), true));
        options.ToolChoice = ResponseToolChoice.CreateFunctionChoice("f");
        using var content = (BinaryContent)options;
        using var body = new MemoryStream();
        content.WriteTo(body, TestContext.Current.CancellationToken);

        var chat = new ResponsesDialect().ToChat(JsonBytes.ReadObject(body.ToArray()), out var error);

        Assert.Null(error);
        Assert.Equal(
            ResponsesRun.Compact(
                """
                {"model":"m","messages":[{"role":"system","content":"i"},
                  {"role":"user","content":[{"type":"text","text":"a"},
                    {"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]},
                  {"role":"assistant","content":"b",
                   "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
                  {"role":"tool","tool_call_id":"c","content":"out"}],
                 "tools":[{"type":"function","function":{"name":"f","parameters":{},"strict":true}}],
                 "tool_choice":{"type":"function","function":{"name":"f"}},"reasoning_effort":"low","max_completion_tokens":5}
                """),
            chat!.ToJsonString());
    }

    private static List<StreamingResponseUpdate> Read(string name) =>
        [.. ResponsesRun.Events(File.ReadAllText(Path.Combine(Folder, name)))
            .Select(data => ModelReaderWriter.Read<StreamingResponseUpdate>(BinaryData.FromString(data.ToJsonString()))!)];

    private static ResponseResult Whole(string name) =>
        ModelReaderWriter.Read<ResponseResult>(BinaryData.FromString(File.ReadAllText(Path.Combine(Folder, name))))!;
}
