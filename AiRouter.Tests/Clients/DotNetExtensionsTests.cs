using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace AiRouter.Tests.Clients;

/// <summary>
/// <c>IChatClient</c> of Microsoft.Extensions.AI, which calls the functions itself: over the Responses API, and over Anthropic's Messages.
/// </summary>
public sealed class DotNetExtensionsTests(ClientServers servers)
{
    private const string Call = """<tool_call>{"name": "weather", "arguments": {"city": "Oslo"}}</tool_call>""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Clients { get; } = new()
    {
        { "responses", "tools" }, { "responses", "tools-relay" }, { "messages", "tools" }, { "messages", "tools-relay" },
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Answer_has_text_and_usage(string dialect, string model)
    {
        using var client = await ClientAsync(dialect, model);

        var answer = await client.GetResponseAsync("[[say:<think>hm</think>Hello, world!]]", cancellationToken: Token);

        Assert.Equal("Hello, world!", answer.Text);
        Assert.True(answer.Usage?.OutputTokenCount > 0);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Functions_are_called(string dialect, string model)
    {
        using var client = await ClientAsync(dialect, model);

        var answer = await client.GetResponseAsync($"Weather? [[say:I look.{Call}]]", Options(), Token);

        Assert.Equal("It rains in Oslo.", answer.Messages[^1].Text);
        Assert.Equal([ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant], answer.Messages.Select(static m => m.Role));
    }

    // Over responses, streams of this version do not start with OpenAI's package, which has moved on.
    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Functions_are_called_in_a_stream(string model)
    {
        using var client = await ClientAsync("messages", model);

        var answer = await client.GetStreamingResponseAsync($"Weather? [[say:{Call}]]", Options(), Token).ToChatResponseAsync(Token);

        Assert.Equal("It rains in Oslo.", answer.Messages[^1].Text);
    }

    private static ChatOptions Options() => new()
    {
        Tools = [AIFunctionFactory.Create(static (string city) => $"[[say:It rains in {city}.]]", "weather", "The weather of a city.")],
    };

    private async Task<IChatClient> ClientAsync(string dialect, string model)
    {
        var url = await servers.DialectUrlAsync();
        var client = dialect == "responses"
            ? new ResponsesClient(
                new ApiKeyCredential("sk-test"),
                new ResponsesClientOptions
                {
                    Endpoint = url,
                    RetryPolicy = new ClientRetryPolicy(0),
                    NetworkTimeout = TimeSpan.FromSeconds(30),
                }).AsIChatClient(model)
            : new AnthropicClient
            {
                BaseUrl = new Uri(url, "/").ToString(),
                ApiKey = "sk-test",
                MaxRetries = 0,
                Timeout = TimeSpan.FromSeconds(30),
            }.AsIChatClient(model, 200);
        return client.AsBuilder().UseFunctionInvocation().Build();
    }
}
