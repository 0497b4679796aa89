using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI.Responses;

namespace AiRouter.Tests.Clients;

/// <summary>
/// OpenAI's client for .NET and its Responses API, over Triton ("tools") and over a backend that has none ("tools-relay").
/// </summary>
public sealed class DotNetResponsesTests(ClientServers servers)
{
    private const string Call = """<tool_call>{"name": "weather", "arguments": {"city": "Oslo"}}</tool_call>""";

    private static readonly FunctionTool Weather = new(
        "weather",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""),
        strictModeEnabled: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Response(string model)
    {
        var client = await ClientAsync();

        var response = (await client.CreateResponseAsync(
            Options(model, "[[say:<think>hm</think>Grüße, 世界]]", instructions: "Be brief."), Token)).Value;

        Assert.Equal("Grüße, 世界", response.GetOutputText());
        Assert.Equal((ResponseStatus.Completed, model), (response.Status, response.Model));
        Assert.Collection(
            response.OutputItems,
            static item => Assert.IsType<ReasoningResponseItem>(item),
            static item => Assert.IsAssignableFrom<MessageResponseItem>(item));
        Assert.Equal(response.Usage.InputTokenCount + response.Usage.OutputTokenCount, response.Usage.TotalTokenCount);
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Stream(string model)
    {
        var client = await ClientAsync();
        var text = "";
        ResponseResult? last = null;
        var options = Options(model, "[[say:One two three]]");
        options.StreamingEnabled = true;

        await foreach (var update in await client.CreateResponseStreamingAsync(options, Token))
        {
            text += update is StreamingResponseOutputTextDeltaUpdate delta ? delta.Delta : "";
            last = update is StreamingResponseCompletedUpdate completed ? completed.Response : null;
        }

        Assert.Equal("One two three", text);
        Assert.Equal("One two three", last?.GetOutputText());
        Assert.True(last!.Usage.TotalTokenCount > 0);
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Tool_round_trip(string model)
    {
        var client = await ClientAsync();
        var options = Options(model, $"Weather? [[say:I look.{Call}]]");
        options.Tools.Add(Weather);

        var asked = (await client.CreateResponseAsync(options, Token)).Value;
        var call = Assert.Single(asked.OutputItems.OfType<FunctionCallResponseItem>());
        Assert.Equal("weather", call.FunctionName);
        foreach (var item in asked.OutputItems)
        {
            options.InputItems.Add(item);
        }

        options.InputItems.Add(
            ResponseItem.CreateFunctionCallOutputItem(call.CallId, $"[[say:It rains in {CityOf(call.FunctionArguments)}.]]"));
        var answer = (await client.CreateResponseAsync(options, Token)).Value;

        Assert.Equal("It rains in Oslo.", answer.GetOutputText());
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Tool_call_is_streamed(string model)
    {
        var client = await ClientAsync();
        var options = Options(model, $"[[say:{Call}]]", withTool: true);
        options.StreamingEnabled = true;
        var arguments = "";
        FunctionCallResponseItem? call = null;

        await foreach (var update in await client.CreateResponseStreamingAsync(options, Token))
        {
            arguments += update is StreamingResponseFunctionCallArgumentsDeltaUpdate delta ? delta.Delta.ToString() : "";
            call ??= (update as StreamingResponseOutputItemDoneUpdate)?.Item as FunctionCallResponseItem;
        }

        Assert.Equal("weather", call?.FunctionName);
        Assert.Equal(arguments, call!.FunctionArguments.ToString());
        Assert.Equal("Oslo", CityOf(call.FunctionArguments));
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Structured_output_parses(string model)
    {
        var client = await ClientAsync();
        var options = Options(model, """[[json:{"rain":true}]]""");
        var schema = """{"type":"object","properties":{"rain":{"type":"boolean"}},"required":["rain"],"additionalProperties":false}""";
        options.TextOptions = new ResponseTextOptions
        {
            TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("report", BinaryData.FromString(schema), jsonSchemaIsStrict: true),
        };

        var response = (await client.CreateResponseAsync(options, Token)).Value;

        Assert.True(JsonDocument.Parse(response.GetOutputText()).RootElement.GetProperty("rain").GetBoolean());
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Response_goes_on_from_one_that_is_kept_until_it_is_deleted(string model)
    {
        var client = await ClientAsync();

        var first = (await client.CreateResponseAsync(Options(model, $"Weather? [[say:{Call}]]", withTool: true), Token)).Value;
        var call = Assert.Single(first.OutputItems.OfType<FunctionCallResponseItem>());
        var next = new CreateResponseOptions(
            model, [ResponseItem.CreateFunctionCallOutputItem(call.CallId, "[[say:It rains in Oslo.]]")])
        {
            PreviousResponseId = first.Id,
            Tools = { Weather },
        };
        var second = (await client.CreateResponseAsync(next, Token)).Value;

        Assert.Equal("It rains in Oslo.", second.GetOutputText());
        Assert.Equal("It rains in Oslo.", (await client.GetResponseAsync(second.Id, Token)).Value.GetOutputText());
        var input = new List<ResponseItem>();
        await foreach (var item in client.GetResponseInputItemsAsync(
            new ResponseItemCollectionOptions(second.Id) { Order = ResponseItemCollectionOrder.Ascending }, Token))
        {
            input.Add(item);
        }

        Assert.Contains(input, item => item is FunctionCallOutputResponseItem output && output.CallId == call.CallId);
        Assert.True((await client.DeleteResponseAsync(second.Id, Token)).Value.Deleted);
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync(second.Id, Token));
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task Tool_of_OpenAIs_own_is_refused_by_name()
    {
        var client = await ClientAsync();
        var options = Options("tools", "Hi");
        options.Tools.Add(ResponseTool.CreateWebSearchTool());

        var error = await Assert.ThrowsAsync<ClientResultException>(() => client.CreateResponseAsync(options, Token));

        Assert.Equal(400, error.Status);
        Assert.Contains("web_search", error.Message, StringComparison.Ordinal);
    }

    private static CreateResponseOptions Options(string model, string input, string? instructions = null, bool withTool = false)
    {
        var options = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem(input)]) { Instructions = instructions };
        if (withTool)
        {
            options.Tools.Add(Weather);
        }

        return options;
    }

    private static string? CityOf(BinaryData arguments) => JsonDocument.Parse(arguments).RootElement.GetProperty("city").GetString();

    private async Task<ResponsesClient> ClientAsync() => new(
        new ApiKeyCredential("sk-test"),
        new ResponsesClientOptions
        {
            Endpoint = await servers.DialectUrlAsync(),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = TimeSpan.FromSeconds(30),
        });
}
