namespace AiRouter.Tests.Commands.Import.Served;

/// <summary>The large configuration of LiteLLM, served; shared by its tests.</summary>
public sealed class LiteLlmPlatform : IAsyncLifetime
{
    internal const string MasterKey = "sk-platform-master-key-for-tests-00";
    internal const string VllmA = "http://vllm-a.gpu.contoso.example:8000";
    internal const string VllmB = "http://vllm-b.gpu.contoso.example:8000";
    internal const string OpenAi = "https://eu.api.openai.contoso.example";
    internal const string Azure = "https://contoso-weu.openai.azure.contoso.example";
    internal const string Claude = "https://anthropic.contoso.example";
    internal const string Mistral = "https://mistral.contoso.example";

    internal ServedImport Router { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Router = await ServedImport.StartAsync(
        "litellm-platform.yaml",
        ["--keys", ImportRun.Sample("litellm-platform-keys.json")],
        new Dictionary<string, string> { ["LITELLM_MASTER_KEY"] = MasterKey },
        [VllmA, VllmB, OpenAi, Azure, Claude, Mistral]);

    public ValueTask DisposeAsync() => Router.DisposeAsync();
}
