using AiRouter.Admin.Components.Keys;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Components.Keys;

public sealed class CurlLineTests
{
    private static readonly RouterConfig Config = ConfigurationJson.ReadYaml(
        """
        backends: { up: { url: http://127.0.0.1:9/v1 } }
        models:
          "gpt-*": { targets: [ { backend: up } ] }
          bge: { operations: [embeddings], targets: [ { backend: up } ] }
          it's: { targets: [ { backend: up } ] }
          llama: { targets: [ { backend: up } ] }
        """,
        "test").Config!;

    [Fact]
    public void Line_asks_a_model_that_the_key_may_use() => Assert.Equal(
        """
        curl https://ai.example/v1/chat/completions \
          -H 'Authorization: Bearer sk-air-secret' \
          -H 'Content-Type: application/json' \
          -d '{"model":"llama","messages":[{"role":"user","content":"Say hello."}]}'
        """.ReplaceLineEndings("\n"),
        CurlLine.Of(Key(new KeyTerms { Models = ["ll*"] }), new Uri("https://ai.example/"), Config));

    [Fact]
    public void Line_is_of_an_operation_that_the_key_may_use()
    {
        var embeddings = CurlLine.Of(Key(new KeyTerms { Operations = ["embeddings"] }), null, Config);
        Assert.Contains("http://localhost:3000/v1/embeddings", embeddings, StringComparison.Ordinal);
        Assert.Contains("""{"model":"bge","input":"Hello"}""", embeddings, StringComparison.Ordinal);
        Assert.Contains("/v1/models", CurlLine.Of(Key(new KeyTerms { Operations = ["files"] }), null, Config), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_is_quoted_for_the_shell() =>
        Assert.Contains("""{"model":"it'\''s",""", CurlLine.Of(Key(new KeyTerms { Models = ["it*"] }), null, Config), StringComparison.Ordinal);

    private static KeyWithSecret Key(KeyTerms terms) => new(
        new KeyView(terms) { Id = "key_a", Version = 1, Source = KeySource.Store, Status = KeyStatus.Active, Name = "a" }, "sk-air-secret");
}
