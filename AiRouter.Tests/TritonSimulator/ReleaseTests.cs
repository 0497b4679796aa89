using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>The releases of Triton that the simulator stands for.</summary>
public sealed class ReleaseTests
{
    [Theory]
    [InlineData("24.11", "2.52.0", "exclude_input_in_output", "image return_num_input_tokens embedding_request")]
    [InlineData("24.12", "2.53.0", "image return_num_input_tokens", "embedding_request")]
    [InlineData("25.07", "2.59.1", "image", "embedding_request")]
    [InlineData("25.08", "2.60.0", "image", "embedding_request")]
    [InlineData("25.11", "2.63.0", "embedding_request", "")]
    [InlineData("26.03", "2.67.0", "embedding_request", "")]
    public async Task Release_decides_version_and_inputs_of_vllm(string release, string version, string present, string absent)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { TritonRelease = release });
        var token = TestContext.Current.CancellationToken;

        var metadata = await client.Grpc.ServerMetadataAsync(new ServerMetadataRequest(), cancellationToken: token);
        var config = await client.Grpc.ModelConfigAsync(
            new ModelConfigRequest { Name = "vllm_model" }, cancellationToken: token);

        string[] inputs = [.. config.Config.Input.Select(input => input.Name)];
        Assert.Equal(version, metadata.Version);
        Assert.Equal(present.Split(' '), present.Split(' ').Intersect(inputs));
        Assert.Empty(inputs.Intersect(absent.Split(' ')));
    }

    [Fact]
    public async Task Vllm_that_generates_does_not_embed()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { TritonRelease = "25.11" });

        var error = await client.ErrorAsync(
            Requests.For("vllm_model").Text("text_input", [1], "x").Text("embedding_request", [1], """{"input":"x"}"""));

        Assert.Equal("Error generating stream: Model vllm_model does not support 'embed' request", error);
    }
}
