using System.Text.Json;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Dialects;

/// <summary>Errors that come from behind a translation: the router's own checks of the chat request, and backends'.</summary>
public sealed class TranslatedErrorTests
{
    private const string Models =
        """
          small: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: chatml }
        """;

    [Theory]
    [InlineData("small", "\"input\":\"a\",\"reasoning\":{\"effort\":\"high\"}", "reasoning.effort")]
    [InlineData("small", "\"input\":\"a\",\"temperature\":7", "temperature")]
    [InlineData("generic", "\"input\":\"a\",\"text\":{\"format\":{\"type\":\"json_object\"}}", "text.format")]
    [InlineData("generic", "\"input\":\"a\",\"max_output_tokens\":7", "max_output_tokens")]
    [InlineData(
        "small",
        "\"instructions\":\"S\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"},{\"type\":\"input_image\",\"image_url\":\"data:,\"}]}]",
        "input[0].content[1]")]
    public async Task Triton_behind_the_Responses_API(string model, string members, string param)
    {
        await using var router = await TritonRouter.StartAsync(Models);
        var error = await router.ErrorAsync("responses", $$"""{"model":"{{model}}",{{members}}}""");

        Assert.Equal((400, param), (error.Status, error.Param));
        Assert.Contains($"'{param}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("small", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}", "thinking")]
    [InlineData("small", "\"output_config\":{\"effort\":\"low\"}", "output_config.effort")]
    [InlineData("small", "\"stop_sequences\":[\"\"]", "stop_sequences[0]")]
    [InlineData("generic", "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}", "output_config.format")]
    [InlineData("generic", "\"temperature\":1", "max_tokens")]
    public async Task Triton_behind_messages(string model, string members, string name)
    {
        await using var router = await TritonRouter.StartAsync(Models);
        using var response = await router.Router.PostAsync(
            "messages", $$"""{"model":"{{model}}","max_tokens":5,"messages":[{"role":"user","content":"a"}],{{members}}}""");
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(
            $"'{name}'", JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_that_refuses_names_the_clients_members()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync(
            """{"error":{"message":"Invalid type for 'messages[1].content[0].image_url.url': see 'max_completion_tokens'.","type":"invalid_request_error","param":"messages[1].content[0].image_url.url","code":"invalid_type"}}""",
            400));
        await using var router = await RunningRouter.StartAsync(
            $$"""
            server: { authentication: none }
            backends: { up: { kind: openai, url: "{{upstream.Url}}", responses: false } }
            models: { m: { targets: [ { backend: up } ] } }
            """);
        using var response = await router.PostAsync(
            "responses",
            """{"model":"m","instructions":"S","input":[{"role":"user","content":[{"type":"input_image","image_url":"x"},{"type":"input_text","text":"a"}]}]}""");
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("error");

        Assert.Equal("Invalid type for 'input[0].content[0].image_url': see 'max_output_tokens'.", error.GetProperty("message").GetString());
        Assert.Equal("input[0].content[0].image_url", error.GetProperty("param").GetString());
    }
}
