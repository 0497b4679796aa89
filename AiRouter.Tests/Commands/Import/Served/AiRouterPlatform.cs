using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Commands.Import.Served;

/// <summary>The large configuration of the original ai-router, served with two simulated Tritons; shared by its tests.</summary>
public sealed class AiRouterPlatform : IAsyncLifetime
{
    internal const string Vllm = "http://vllm.gpu.contoso.example:8000";
    internal const string OpenAi = "https://openai-egress.contoso.example";
    internal const string Tei = "http://tei.gpu.contoso.example:8080";

    internal ServedImport Router { get; private set; } = null!;

    internal SimulatedTriton First { get; private set; } = null!;

    internal SimulatedTriton Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        (First, Second) = (await SimulatedTriton.StartAsync(), await SimulatedTriton.StartAsync());
        Router = await ServedImport.StartAsync(
            "ai-router-platform.toml",
            [],
            new Dictionary<string, string>(),
            [Vllm, OpenAi, Tei],
            ("http://triton-1.gpu.contoso.example:8001", First.Address),
            ("http://triton-2.gpu.contoso.example:8001", Second.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }
}
