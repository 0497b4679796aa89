using System.Net;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace AiRouter.Tests.Clients;

/// <summary>
/// Anthropic's client for .NET, over Triton ("tools") and over an OpenAI-compatible backend ("tools-relay"). It checks answers
/// against what it knows of the API.
/// </summary>
public sealed class DotNetAnthropicTests(ClientServers servers)
{
    private const string Call = """<tool_call>{"name": "weather", "arguments": {"city": "Oslo"}}</tool_call>""";

    private static readonly Tool Weather = new()
    {
        Name = "weather",
        Description = "The weather of a city.",
        InputSchema = new InputSchema
        {
            Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) },
            Required = ["city"],
        },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Message(string model)
    {
        using var client = await ClientAsync();

        var message = await client.Messages.Create(
            Parameters(model, "[[say:<think>hm</think>Grüße, 世界]]") with { System = "Be brief." }, Token);

        Assert.Equal(StopReason.EndTurn, message.StopReason?.Value());
        Assert.Equal(model, message.Model.Raw());
        Assert.Equal(2, message.Content.Count);
        Assert.True(message.Content[0].TryPickThinking(out var thinking));
        Assert.Equal("hm", thinking.Thinking);
        Assert.Equal("Grüße, 世界", TextOf(message));
        Assert.True(message.Usage is { InputTokens: > 0, OutputTokens: > 0 });
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Stream(string model)
    {
        using var client = await ClientAsync();
        var pieces = new List<string>();

        await foreach (var update in client.Messages.CreateStreaming(Parameters(model, "[[say:One two three]]"), Token))
        {
            if (update.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var text))
            {
                pieces.Add(text.Text);
            }
        }

        Assert.Equal("One two three", string.Concat(pieces));
        Assert.True(pieces.Count > 1);
    }

    [Theory]
    [InlineData("tools", false)]
    [InlineData("tools", true)]
    [InlineData("tools-relay", false)]
    [InlineData("tools-relay", true)]
    public async Task Tool_round_trip(string model, bool isStreamed)
    {
        using var client = await ClientAsync(isStrict: false);
        var parameters = Parameters(model, $"Weather? [[say:I look.{Call}]]") with { Tools = [Weather] };

        var asked = await AskAsync(client, parameters, isStreamed);
        Assert.Equal(StopReason.ToolUse, asked.StopReason?.Value());
        var call = Assert.Single(asked.Content.Select(static b => b.TryPickToolUse(out var use) ? use : null).OfType<ToolUseBlock>());
        Assert.Equal("weather", call.Name);
        var answer = await AskAsync(
            client,
            parameters with
            {
                Messages =
                [
                    .. parameters.Messages,
                    new AssistantMessageParam(new List<ContentBlockParam>
                    {
                        new TextBlockParam(TextOf(asked)),
                        new ToolUseBlockParam { ID = call.ID, Name = call.Name, Input = call.Input },
                    }),
                    new UserMessageParam(new List<ContentBlockParam>
                    {
                        new ToolResultBlockParam(call.ID) { Content = $"[[say:It rains in {call.Input["city"].GetString()}.]]" },
                    }),
                ],
            },
            isStreamed);

        Assert.Equal("It rains in Oslo.", TextOf(answer));
        Assert.Equal(StopReason.EndTurn, answer.StopReason?.Value());
    }

    [Fact]
    public async Task Tokens_are_counted()
    {
        using var client = await ClientAsync();

        var count = await client.Messages.CountTokens(
            new MessageCountTokensParams { Model = "tools", Messages = [new UserMessageParam("Hello there")] }, Token);

        Assert.True(count.InputTokens > 2);
    }

    [Fact]
    public async Task Errors_have_their_type()
    {
        using var client = await ClientAsync();

        var error = await Assert.ThrowsAsync<AnthropicNotFoundException>(() => client.Messages.Create(Parameters("nobody", "Hi"), Token));

        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
        Assert.Contains("nobody", error.Message, StringComparison.Ordinal);
    }

    private static MessageCreateParams Parameters(string model, string text) =>
        new() { Model = model, MaxTokens = 200, Messages = [new UserMessageParam(text)] };

    private static string TextOf(Message message) =>
        string.Concat(message.Content.Select(static b => b.TryPickText(out var text) ? text.Text : ""));

    private static async Task<Message> AskAsync(AnthropicClient client, MessageCreateParams parameters, bool isStreamed) => isStreamed
        ? await client.Messages.CreateStreaming(parameters, Token).Aggregate().WaitAsync(Token)
        : await client.Messages.Create(parameters, Token);

    // Strictly, it wants "caller" in a call of a tool, which is not in the API's older versions.
    private async Task<AnthropicClient> ClientAsync(bool isStrict = true) => new()
    {
        BaseUrl = new Uri(await servers.DialectUrlAsync(), "/").ToString(),
        ApiKey = "sk-test",
        ResponseValidation = isStrict,
        MaxRetries = 0,
        Timeout = TimeSpan.FromSeconds(30),
    };
}
