using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Browser;

/// <summary>One Admin for all tests of the pages of models; each test has models of its own.</summary>
public sealed class ModelsStage(StoreServers servers) : IAsyncLifetime
{
    private const string Document = """
        backends:
          gpu-1: { kind: triton, url: "http://127.0.0.1:9" }
          gpu-2: { kind: triton, url: "http://127.0.0.1:9" }
          openai: { url: "https://api.openai.com/v1" }
        models:
          llama-3.1-8b:
            promptFormat: llama3
            targets:
              - { backend: gpu-1, model: ensemble, weight: 3 }
              - { backend: gpu-2, model: ensemble }
              - { backend: gpu-2, model: spare, priority: 1 }
            fallbacks: [ { model: gpt-4o-mini, allowExternal: true } ]
            price: { input: 0.05, output: 0.1 }
          "llama-*": { promptFormat: llama3, targets: [ { backend: gpu-2, model: ensemble } ] }
          "gpt-*": { targets: [ { backend: openai } ], price: { input: 0.15, output: 0.6 } }
          bge-large: { operations: [embeddings], targets: [ { backend: gpu-1, model: bge } ] }
          contended: { targets: [ { backend: openai } ] }
          old-name: { operations: [rerank], targets: [ { backend: openai } ] }
          going: { targets: [ { backend: openai } ] }
        defaults: { chat: llama-3.1-8b, embeddings: bge-large, rerank: old-name, accept: ["gpt-3.5-*"] }
        """;

    internal AdminStage Admin { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Admin = await AdminStage.StartAsync(servers, Document);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Admin.DisposeAsync();
}
