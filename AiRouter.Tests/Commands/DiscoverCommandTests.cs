using AiRouter.Api.Commands;
using AiRouter.Core.Configuration;
using AiRouter.Triton.Models;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Commands;

public sealed class DiscoverCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Models_of_a_Triton_are_served_under_their_own_names_without_their_parts()
    {
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(0, await DiscoverAsync(triton.Address.ToString()));

        var model = Load(_output.ToString());
        Assert.Equal(
            ["bge", "ensemble", "generic", "tensorrt_llm", "tensorrt_llm_bls", "vllm_model", "whisper_bls"],
            model.Config.Models.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            (BackendKind.Triton, triton.Address),
            (model.Config.Backends["triton"].Kind, model.Config.Backends["triton"].Url));
        Assert.Equal(("ensemble", "bge"), (model.Config.Defaults.Chat, model.Config.Defaults.Embeddings));
        Assert.Equal(["embeddings"], model.Config.Models["bge"].Operations);
        Assert.Equal("whisper_bls", model.Config.Defaults.Transcriptions);
        Assert.Equal(["transcriptions", "translations"], model.Config.Models["whisper_bls"].Operations);
    }

    [Fact]
    public void Models_that_are_not_loaded_are_left_out_and_odd_names_are_quoted()
    {
        var yaml = DiscoveredModels.ToYaml(
            new Uri("https://gpu-1:8001"),
            [
                new RepositoryModel("yes", true, ModelKind.Vllm),
                new RepositoryModel("a: \"b\"", true, ModelKind.GenericText),
                new RepositoryModel("unloaded", false, ModelKind.Vllm),
            ]);

        var model = Load(yaml);
        Assert.Equal(["yes", "a: \"b\""], model.Config.Models.Keys);
        Assert.Equal("yes", model.Config.Defaults.Chat);
        Assert.Null(model.Config.Defaults.Embeddings);
    }

    [Fact]
    public async Task Triton_that_is_away_is_one_sentence()
    {
        Assert.Equal(1, await DiscoverAsync("http://127.0.0.1:1"));

        Assert.StartsWith(
            "the Triton at http://127.0.0.1:1/ did not list its models: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
        Assert.Empty(_output.ToString());
    }

    [Theory]
    [InlineData("gpu-1:8001")]
    [InlineData(null)]
    public async Task Address_that_is_none_is_refused(string? address)
    {
        Assert.Equal(2, await DiscoverAsync(address));

        Assert.Equal(
            $"discover needs the gRPC address of a Triton server (such as http://gpu-1:8001), not '{address}'\n",
            _error.ToString());
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> DiscoverAsync(string? address) => CommandTable.RunAsync(
        address is null ? ["discover"] : ["discover", address],
        new CommandContext
        {
            Options = new Dictionary<string, string>(),
            Environment = new Dictionary<string, string>(),
            Input = TextReader.Null,
            Output = _output,
            Error = _error,
        });

    private static RouterModel Load(string yaml)
    {
        var load = RouterConfigurationLoader.Load(RouterConfigurationSource.FromEnvironment(
            new Dictionary<string, string> { ["AIROUTER_CONFIG_YAML"] = yaml }, null));
        Assert.Empty(load.Problems);
        return load.Model!;
    }
}
