using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace AiRouter.Tests.Clients;

/// <summary>OpenAI's client for .NET: tools and structured output, over Triton and over an OpenAI backend.</summary>
public sealed class DotNetToolTests(ClientServers servers)
{
    private const string Call = """<tool_call>{"name": "weather", "arguments": {"city": "Oslo"}}</tool_call>""";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "weather", "The weather of a city.",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Tool_round_trip(string model)
    {
        var chat = await ChatAsync(model);
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> messages = [new UserChatMessage($"Weather? [[say:{Call}]]")];

        var asked = (await chat.CompleteChatAsync(messages, options, Token)).Value;
        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        var call = Assert.Single(asked.ToolCalls);
        Assert.Equal("weather", call.FunctionName);
        var city = JsonDocument.Parse(call.FunctionArguments).RootElement.GetProperty("city").GetString();

        messages.Add(new AssistantChatMessage(asked));
        messages.Add(new ToolChatMessage(call.Id, $"[[say:It rains in {city}.]]"));
        var answer = (await chat.CompleteChatAsync(messages, options, Token)).Value;

        Assert.Equal("It rains in Oslo.", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Tool_call_is_streamed(string model)
    {
        var chat = await ChatAsync(model);
        string? id = null;
        string? name = null;
        var arguments = "";
        ChatFinishReason? finish = null;

        await foreach (var update in chat.CompleteChatStreamingAsync(
            [new UserChatMessage($"[[say:{Call}]]")], new ChatCompletionOptions { Tools = { Weather } }, Token))
        {
            foreach (var part in update.ToolCallUpdates)
            {
                Assert.Equal(0, part.Index);
                id ??= part.ToolCallId;
                name ??= part.FunctionName;
                arguments += part.FunctionArgumentsUpdate;
            }

            finish = update.FinishReason ?? finish;
        }

        Assert.StartsWith("call_", id, StringComparison.Ordinal);
        Assert.Equal(("weather", """{"city": "Oslo"}""", ChatFinishReason.ToolCalls), (name, arguments, finish));
    }

    [Theory]
    [InlineData("tools")]
    [InlineData("tools-relay")]
    public async Task Structured_output_parses(string model)
    {
        var chat = await ChatAsync(model);
        var schema = BinaryData.FromString("""{"type":"object","properties":{"rain":{"type":"boolean"}}}""");
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("report", schema, jsonSchemaIsStrict: true),
        };

        var answer = (await chat.CompleteChatAsync(
            [new UserChatMessage("""[[json:{"rain":true}]]""")], options, Token)).Value;

        Assert.True(JsonDocument.Parse(answer.Content[0].Text).RootElement.GetProperty("rain").GetBoolean());
    }

    private async Task<ChatClient> ChatAsync(string model) => new OpenAIClient(
        new ApiKeyCredential("sk-test"),
        new OpenAIClientOptions
        {
            Endpoint = await servers.UrlAsync(),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = TimeSpan.FromSeconds(30),
        }).GetChatClient(model);
}
