using AiRouter.Triton.Contract;
using AiRouter.Triton.Contract.Health;
using AiRouter.TritonSimulator;
using Grpc.Core;
using GrpcHealth = AiRouter.Triton.Contract.Health.Health;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>What the server tells about itself and its models.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("v0.5.0", "max_tokens:TypeUint32:-1:req bad_words:TypeString:-1:req min_length:TypeUint32:1 random_seed:TypeUint64:1", "min_tokens seed return_log_probs exclude_input_in_output")]
    [InlineData("v0.7.2", "max_tokens:TypeInt32:-1:req bad_words:TypeString:-1 min_length:TypeInt32:1 random_seed:TypeUint64:1", "min_tokens seed frequency_penalty")]
    [InlineData("v0.16.0", "text_input:TypeString:1:req exclude_input_in_output:TypeBool:1 return_kv_cache_reuse_stats:TypeBool:1", "return_perf_metrics return_num_input_tokens seed")]
    [InlineData("v0.19.0", "random_seed:TypeUint64:1 min_length:TypeInt32:1 return_perf_metrics:TypeBool:1", "seed min_tokens return_num_input_tokens")]
    [InlineData("v1.0.0", "seed:TypeUint64:1 min_tokens:TypeInt32:1 return_num_output_tokens:TypeBool:1", "random_seed min_length return_kv_cache_reuse_stats")]
    public async Task Ensemble_has_the_inputs_of_its_release(string release, string present, string absent)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Release = release });

        var config = await ConfigAsync(client, "ensemble");

        var inputs = config.Input.ToDictionary(
            input => input.Name,
            input => $"{input.Name}:{input.DataType}:{string.Join(',', input.Dims)}{(input.Optional ? "" : ":req")}");
        Assert.Equal(present.Split(' '), present.Split(' ').Select(input => inputs[input.Split(':')[0]]));
        Assert.All(absent.Split(' '), name => Assert.DoesNotContain(name, inputs.Keys));
    }

    [Fact]
    public async Task Old_release_takes_unsigned_tensors_and_sends_log_probs_unasked()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Release = "v0.6.1" });
        var request = Requests.For("ensemble").Text("text_input", [1, 1], "[[say:hi]]")
            .Raw("max_tokens", "UINT32", [1, 1], 9, 0, 0, 0).Flag("stream", [1, 1]);

        var response = Assert.Single(await client.StreamAsync(request)).InferResponse;

        Assert.Equal(["text_output", "cum_log_probs", "output_log_probs"], response.Outputs.Select(output => output.Name));
        Assert.Equal(new byte[4], response.Output("output_log_probs"));
    }

    [Fact]
    public async Task Configurations_tell_the_families_apart()
    {
        await using var client = await SimulatorClient.StartAsync();

        var ensemble = await ConfigAsync(client, "ensemble");
        var bls = await ConfigAsync(client, "tensorrt_llm_bls");
        var llmApi = await ConfigAsync(client, "tensorrt_llm");
        var vllm = await ConfigAsync(client, "vllm_model");
        var generic = await ConfigAsync(client, "generic");
        var bge = await ConfigAsync(client, "bge");

        Assert.Equal(("ensemble", 64, true), (ensemble.Platform, ensemble.MaxBatchSize, Decoupled(ensemble)));
        Assert.Equal(["preprocessing", "tensorrt_llm", "postprocessing"], ensemble.EnsembleScheduling.Step.Select(step => step.ModelName));
        Assert.Equal(("python", 64, true), (bls.Backend, bls.MaxBatchSize, Decoupled(bls)));
        Assert.NotNull(bls.Input.Single(input => input.Name == "return_log_probs").Reshape);
        Assert.Equal(("python", 0, true), (llmApi.Backend, llmApi.MaxBatchSize, Decoupled(llmApi)));
        Assert.Equal(("vllm", 0, true), (vllm.Backend, vllm.MaxBatchSize, Decoupled(vllm)));
        Assert.Equal((0, false), (generic.MaxBatchSize, Decoupled(generic)));
        Assert.Equal((32, false, 384L), (bge.MaxBatchSize, Decoupled(bge), bge.Output[0].Dims[0]));
    }

    [Fact]
    public async Task Server_says_that_it_is_a_simulator()
    {
        await using var client = await SimulatorClient.StartAsync();

        var metadata = await client.Grpc.ServerMetadataAsync(
            new ServerMetadataRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("triton-simulator", metadata.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Health_follows_readiness(bool ready)
    {
        await using var client = await SimulatorClient.StartAsync();
        client.Simulator.Ready = ready;

        var live = await client.Grpc.ServerLiveAsync(
            new ServerLiveRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var answer = await client.Grpc.ServerReadyAsync(
            new ServerReadyRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var health = await new GrpcHealth.HealthClient(client.Invoker).CheckAsync(
            new HealthCheckRequest { Service = "anything" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(live.Live);
        Assert.Equal(ready, answer.Ready);
        Assert.Equal(ready, health.Status == HealthCheckResponse.Types.ServingStatus.Serving);
        Assert.Equal(ready, (await client.StreamAsync(Requests.Ensemble("x")))[0].ErrorMessage != "Server not ready");
    }

    [Fact]
    public async Task Metadata_has_the_batch_dimension_and_not_what_is_optional()
    {
        await using var client = await SimulatorClient.StartAsync();

        var ensemble = await client.Grpc.ModelMetadataAsync(
            new ModelMetadataRequest { Name = "ensemble" }, cancellationToken: TestContext.Current.CancellationToken);
        var vllm = await client.Grpc.ModelMetadataAsync(
            new ModelMetadataRequest { Name = "vllm_model" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("text_input", "BYTES"), (ensemble.Inputs[0].Name, ensemble.Inputs[0].Datatype));
        Assert.Equal([-1, 1], ensemble.Inputs[0].Shape);
        Assert.Equal([1], vllm.Inputs[0].Shape);
    }

    [Fact]
    public async Task Unknown_model_is_not_ready_and_has_no_configuration()
    {
        await using var client = await SimulatorClient.StartAsync();

        var ready = await client.Grpc.ModelReadyAsync(
            new ModelReadyRequest { Name = "nope" }, cancellationToken: TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<RpcException>(() => ConfigAsync(client, "nope"));

        Assert.False(ready.Ready);
        Assert.Equal(
            (StatusCode.NotFound, "Request for unknown model: 'nope' is not found"),
            (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task Unloaded_model_is_gone_until_it_is_loaded_again()
    {
        var options = new SimulatorOptions { UnloadedModels = { "bge" } };
        await using var client = await SimulatorClient.StartAsync(options);
        await client.Grpc.RepositoryModelUnloadAsync(
            new RepositoryModelUnloadRequest { ModelName = "ensemble" },
            cancellationToken: TestContext.Current.CancellationToken);

        var index = await client.Grpc.RepositoryIndexAsync(
            new RepositoryIndexRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var readyOnes = await client.Grpc.RepositoryIndexAsync(
            new RepositoryIndexRequest { Ready = true }, cancellationToken: TestContext.Current.CancellationToken);
        var error = await client.ErrorAsync(Requests.Ensemble("x"));
        await client.Grpc.RepositoryModelLoadAsync(
            new RepositoryModelLoadRequest { ModelName = "ensemble" },
            cancellationToken: TestContext.Current.CancellationToken);
        var reloaded = await client.StreamAsync(Requests.Ensemble("[[say:back]]"));

        Assert.Equal(
            ["bge  ", "ensemble UNAVAILABLE unloaded", "generic READY ", "postprocessing READY ", "preprocessing READY ",
                "tensorrt_llm READY ", "tensorrt_llm_bls READY ", "vllm_model READY ", "whisper_bls READY "],
            index.Models.Select(model => $"{model.Name} {model.State} {model.Reason}"));
        Assert.Equal(7, readyOnes.Models.Count);
        Assert.Equal("Request for unknown model: 'ensemble' has no available versions", error);
        Assert.Equal(["back"], reloaded.Texts());
    }

    [Fact]
    public async Task Loading_is_refused_without_explicit_model_control()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { ExplicitModelControl = false });

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.Grpc.RepositoryModelLoadAsync(
            new RepositoryModelLoadRequest { ModelName = "bge" }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(
            (StatusCode.Unavailable, "explicit model load / unload is not allowed if polling is enabled"),
            (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task Statistics_and_pages_count_requests()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { HttpPort = 0 });
        await client.StreamAsync(Requests.Ensemble("[[say:One two]]"));
        await client.StreamAsync(Requests.Ensemble("[[error]]"));
        using var http = new HttpClient { BaseAddress = client.Simulator.HttpAddress };

        var statistics = await client.Grpc.ModelStatisticsAsync(
            new ModelStatisticsRequest { Name = "ensemble" }, cancellationToken: TestContext.Current.CancellationToken);
        var metrics = await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var ready = await http.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);

        var counted = Assert.Single(statistics.ModelStats);
        Assert.Equal((1UL, 1UL), (counted.InferenceStats.Success.Count, counted.InferenceStats.Fail.Count));
        Assert.Contains("nv_inference_request_success{model=\"ensemble\",version=\"1\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("nv_inference_request_failure{model=\"ensemble\",version=\"1\",reason=\"BACKEND\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.True(ready.IsSuccessStatusCode);
    }

    private static bool Decoupled(ModelConfig config)
    {
        return config.ModelTransactionPolicy.Decoupled;
    }

    private static async Task<ModelConfig> ConfigAsync(SimulatorClient client, string model)
    {
        var response = await client.Grpc.ModelConfigAsync(
            new ModelConfigRequest { Name = model }, cancellationToken: TestContext.Current.CancellationToken);
        return response.Config;
    }
}
