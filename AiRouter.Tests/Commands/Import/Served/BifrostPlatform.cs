namespace AiRouter.Tests.Commands.Import.Served;

/// <summary>The large configuration of Bifrost, served; shared by its tests.</summary>
public sealed class BifrostPlatform : IAsyncLifetime
{
    internal const string OpenAi = "https://openai-egress.contoso.example";
    internal const string AzureWest = "https://weu.openai.azure.contoso.example";
    internal const string AzureSweden = "https://swc.openai.azure.contoso.example";
    internal const string Claude = "https://anthropic-egress.contoso.example";
    internal const string OnPrem = "https://claude.gpu.contoso.example";
    internal const string Vllm1 = "http://vllm-1.gpu.contoso.example:8000";
    internal const string Vllm2 = "http://vllm-2.gpu.contoso.example:8000";
    internal const string Ollama = "http://bench.contoso.example:11434";
    internal const string Mistral = "https://mistral-egress.contoso.example";
    internal const string Reranker = "http://rerank.gpu.contoso.example:9000";
    internal const string DeveloperKey = "sk-bf-developers-key-of-the-environment-01";

    internal ServedImport Router { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Router = await ServedImport.StartAsync(
        "bifrost-platform.json",
        [],
        new Dictionary<string, string> { ["BIFROST_VK_DEV"] = DeveloperKey },
        [OpenAi, AzureWest, AzureSweden, Claude, OnPrem, Vllm1, Vllm2, Ollama, Mistral, Reranker]);

    public ValueTask DisposeAsync() => Router.DisposeAsync();
}
