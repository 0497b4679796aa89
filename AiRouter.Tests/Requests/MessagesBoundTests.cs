using System.Text;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Requests;

/// <summary>The most tokens that Messages requests can have (R32, R45): text by its bytes, images by their figure, the rest not at all.</summary>
public sealed class MessagesBoundTests
{
    private const int Image = 2000;

    private static readonly string Data = new('A', 50_000);

    [Theory]
    [InlineData("""[{"role":"user","content":"hi"}]""", 0, 0)]
    [InlineData("""[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"DATA"}}]}]""", 1, 1)]
    [InlineData("""[{"role":"user","content":[{"source":{"data":"DATA","media_type":"image/png","type":"base64"},"type":"image"}]}]""", 1, 1)]
    [InlineData("""[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://x.example/a.png"}}]}]""", 1, 0)]
    [InlineData("""[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]""", 1, 0)]
    [InlineData("""[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"DATA"}}]}]}]""", 1, 1)]
    [InlineData("""[{"role":"user","content":[{"type":"document","source":{"type":"content","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"DATA"}}]}}]}]""", 1, 1)]
    [InlineData("""[{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"DATA"}}]}]""", 0, 0)]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"type":"image","source":{"type":"base64","media_type":"image/png","data":"DATA"}}}]}]""", 0, 0)]
    [InlineData("""[{"role":"user","content":[{"type":"search_result","source":"https://x.example","title":"t","content":[{"type":"text","text":"DATA"}]}]}]""", 0, 0)]
    public void Text_counts_by_its_bytes_and_an_image_by_its_figure(string messages, int images, int embedded)
    {
        var json = $$"""{"model":"m","max_tokens":5,"messages":{{messages.Replace("DATA", Data, StringComparison.Ordinal)}}}""";

        var (tokens, elsewhere) = Of(json);

        Assert.Null(elsewhere);
        Assert.Equal(json.Length + 1024 + (images * Image) - (embedded * Data.Length), tokens);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}}]}]}""", "document")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://x.example/a.pdf"}}]}]}""", "url")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}]}""", "file_id")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"image/png","data":"JVBE"}}]}]}""", "document")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image","type":"document","source":{"type":"url","url":"https://x.example/a.pdf"}}]}]}""", "url")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"container_upload","file_id":"f"}]}]}""", "file_id")]
    [InlineData("""{"messages":[],"tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}]}""", "tools")]
    [InlineData("""{"messages":[],"mcp_servers":[{"type":"url"}]}""", "mcp_servers")]
    [InlineData("""{"messages":[],"container":"c"}""", "container")]
    public void What_is_not_in_the_request_is_named(string json, string name) => Assert.Equal(name, Of(json).Elsewhere);

    [Theory]
    [InlineData("""{"messages":[],"tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"custom","name":"g"}],"container":null}""", 0)]
    [InlineData("""{"messages":[],"tools":[{"type":"bash_20250124","name":"bash"},{"type":"text_editor_20250728","name":"e"}]}""", 2)]
    public void Tools_that_the_client_runs_are_there(string json, int ofAnthropic)
    {
        var (tokens, elsewhere) = Of(json);

        Assert.Null(elsewhere);
        Assert.Equal(json.Length + 1024 + (ofAnthropic * 1024), tokens);
    }

    private static (long Tokens, string? Elsewhere) Of(string json)
    {
        using var index = JsonIndex.Read(Encoding.UTF8.GetBytes(json), out var error);
        Assert.Null(error);
        return MessagesBound.Of(index!, new GlobalLimitsConfig { ImageTokens = Image });
    }
}
