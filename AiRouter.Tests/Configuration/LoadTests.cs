using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Configuration;

public sealed class LoadTests
{
    private const string Small = """
        backends:
          gpu-1: { kind: triton, url: http://triton-1:8001 }
          openai: { url: https://api.openai.com/v1, headers: { X-Title: no } }
        models:
          llama-3.1-8b:
            targets:
              - { backend: gpu-1, model: ensemble, weight: 3 }
              - backend: openai
            maxTokens: { default: 1024, max: 8192 }
            operations: [chat, completions]
            parameters: { force: { seed: 1, flag: true, text: "1", list: [1.50, null] } }
          "gpt-*": { targets: [ { backend: openai } ] }
        defaults: { chat: llama-3.1-8b, accept: ["gpt-3.5-*"] }
        keys:
          - { name: 1, hash: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", expires: 2027-01-01 }
        server: { authentication: optional, keepAlive: "2.5" }
        """;

    [Fact]
    public void Yaml_document_becomes_a_model()
    {
        var model = Loaded.Model(Small);

        var llama = model.Models.Resolve("llama-3.1-8b", Operations.Chat)!.Model;
        Assert.Equal(["gpu-1", "openai"], llama.Targets.Select(t => t.Backend.Name));
        Assert.Equal(3, llama.Targets[0].Config.Weight);
        Assert.Equal(BackendKind.Triton, llama.Targets[0].Backend.Config.Kind);
        Assert.Equal(BackendKind.OpenAi, llama.Targets[1].Backend.Config.Kind);
        Assert.Equal(8192, llama.Config.MaxTokens.Max);
        Assert.Equal("""[1.50,null]""", llama.Config.Parameters.Force["list"]!.ToJsonString());
        Assert.Equal("""[1,true,"1"]""", new System.Text.Json.Nodes.JsonArray(
            [.. new[] { "seed", "flag", "text" }.Select(n => llama.Config.Parameters.Force[n]!.DeepClone())]).ToJsonString());
        Assert.Equal("no", model.Backends["openai"].Headers.Single().Value);
        Assert.Equal("1", model.Config.Keys[0].Name);
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), model.Config.Keys[0].Expires);
        Assert.Equal(AuthenticationMode.Optional, model.Config.Server.Authentication);
        Assert.Equal(2.5, model.Config.Server.KeepAlive);
        Assert.Equal("gpt-*", model.Models.Resolve("gpt-4o", Operations.Chat)!.Model.Name);
        Assert.NotNull(model.Keys.Match("", DateTimeOffset.UnixEpoch).Key);
    }

    [Fact]
    public void Defaults_are_those_of_the_records()
    {
        var model = Loaded.Model("""
            backends: { a: { url: http://a, timeouts: , tls: ~ } }
            models: { m: { targets: [ { backend: a } ] } }
            """);

        Assert.Equal(300, model.Backends["a"].Config.Timeouts.FirstByte);
        Assert.Null(model.Backends["a"].Config.Tls);
        Assert.Equal(AuthenticationMode.Auto, model.Config.Server.Authentication);
        Assert.Equal(["*"], model.Config.Server.CorsOrigins);
        Assert.Equal(["</s>"], model.Models.All[0].Config.EndTokens);
        Assert.Equal(CredentialKind.None, model.Backends["a"].Credential.Kind);
    }
}
