using System.Diagnostics;
using System.Text.Json.Nodes;
using AiRouter.Admin.Management.Playground;
using AiRouter.Admin.Management.Playground.Samples;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Playground;

/// <summary>What is copied runs, and asks for the same.</summary>
public sealed class ChatSamplesTests
{
    private const string Awkward = "It's \"quoted\" $HOME `x` \\ 100% \u00e4\u4e2d\ud83d\ude00\nnew line {{ }}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static ChatRequest Full => new()
    {
        Model = "llama-3.1-8b",
        System = Awkward,
        Messages =
        [
            new ChatMessage(ChatRole.User, Awkward),
            new ChatMessage(ChatRole.Assistant, "") { ToolCalls = [new ToolCall("call_1", "get_weather", """{"city":"Köln"}""")] },
            new ChatMessage(ChatRole.Tool, "\"\"\"21 °C\"\"\"") { ToolCallId = "call_1" },
        ],
        Temperature = 0.7,
        TopP = 1,
        MaxTokens = 100,
        Stop = ["END", "\""],
        Tools = (JsonArray)JsonNode.Parse("""[{"type":"function","function":{"name":"get_weather","description":"Now.","parameters":{"type":"object"}}}]""")!,
        ToolChoice = "auto",
    };

    [Fact]
    public async Task Curl_line_sends_exactly_the_request()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        var line = CurlSample.Of(Full, upstream.Url.ToString().TrimEnd('/'));

        await RunAsync("/bin/sh", ["-c", line]);

        var sent = upstream.Request;
        Assert.Equal(("POST", "/v1/chat/completions", "Bearer the-key"), (sent.Method, sent.Target, sent.Header("Authorization")));
        Assert.True(JsonNode.DeepEquals(Full.ToJson(), JsonNode.Parse(sent.Text)), sent.Text);
    }

    [Fact]
    public async Task Python_program_calls_the_library_with_exactly_the_request()
    {
        var request = Full with { More = new JsonObject { ["top_k"] = 20, ["n"] = 1, ["user"] = null, ["odd"] = true } };
        var folder = Directory.CreateTempSubdirectory("airouter-sample-");
        try
        {
            // The library is not there: one that writes down what it is given stands for it.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "openai.py"), """
                import json
                class OpenAI:
                    def __init__(self, base_url, api_key):
                        self.chat = self.completions = self
                        print(json.dumps([base_url, api_key]))
                    def create(self, extra_body={}, **arguments):
                        print(json.dumps([arguments, extra_body]))
                        return []
                """, Cancelled);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "sample.py"), PythonSample.Of(request, "http://router/v1"), Cancelled);
            var said = (await RunAsync("python3", [Path.Combine(folder.FullName, "sample.py")])).Split('\n');

            Assert.Equal("""["http://router/v1", "the-key"]""", said[0]);
            var called = JsonNode.Parse(said[1])!;
            Assert.Equal("""{"top_k":20,"odd":true}""", called[1]!.ToJsonString());
            var all = called[0]!.AsObject();
            foreach (var (name, value) in called[1]!.AsObject())
            {
                all[name] = value?.DeepClone();
            }

            Assert.True(JsonNode.DeepEquals(request.ToJson(), all), all.ToJsonString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Csharp_program_is_as_it_was_when_it_was_compiled() => Golden.Equal(
        "sample.cs.txt", CSharpSample.Of(Full, "http://router:3000/v1"));

    [Fact]
    public void Csharp_program_with_other_members_is_as_it_was_when_it_was_compiled() => Golden.Equal(
        "sample-raw.cs.txt",
        CSharpSample.Of(Full with { More = new JsonObject { ["top_k"] = 20 }, ReasoningEffort = "low" }, "http://router:3000/v1"));

    [Theory]
    [InlineData("http://api:3000", "http://api:3000/v1")]
    [InlineData("https://ai.example/", "https://ai.example/v1")]
    [InlineData("https://ai.example/llm/v1/", "https://ai.example/llm/v1")]
    public void Base_url_is_what_clients_write(string address, string expected) =>
        Assert.Equal(expected, PlaygroundRouter.BaseUrl(new Uri(address)));

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AIROUTER_KEY"] = "the-key";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Cancelled);
        var output = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
