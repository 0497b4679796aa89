using System.Diagnostics;
using System.Runtime.InteropServices;
using AiRouter.Tests.Fixtures;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Contract.Health;
using Grpc.Core;
using Grpc.Net.Client;
using GrpcHealth = AiRouter.Triton.Contract.Health.Health;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>Our contract against a server that was written without it.</summary>
public sealed class CCoreTritonTests
{
    [Fact]
    public async Task Stream_of_the_other_server_reads_with_our_contract()
    {
        await using var server = await CCoreTriton.StartAsync(TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Address);

        var responses = await StreamAsync(
            channel, Requests.Ensemble("please say one two three").Flag("return_num_output_tokens", [1, 1]));

        Assert.Equal(["one", " two", " three"], responses.Texts());
        Assert.Equal([false, false, true], responses.Select(response => response.IsFinal()));
        Assert.Equal(1, responses[0].InferResponse.OutputInt32("num_output_tokens"));
    }

    [Fact]
    public async Task Other_server_tells_models_health_and_embeddings()
    {
        await using var server = await CCoreTriton.StartAsync(TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        var cancellationToken = TestContext.Current.CancellationToken;

        var config = (await client.ModelConfigAsync(
            new ModelConfigRequest { Name = "ensemble" }, cancellationToken: cancellationToken)).Config;
        var index = await client.RepositoryIndexAsync(
            new RepositoryIndexRequest { Ready = true }, cancellationToken: cancellationToken);
        var health = await new GrpcHealth.HealthClient(channel).CheckAsync(
            new HealthCheckRequest(), cancellationToken: cancellationToken);
        var embedded = await client.ModelInferAsync(
            Requests.For("embed").Text("text", [2, 1], "a", "b"), cancellationToken: cancellationToken);

        Assert.Equal((36, 64, true), (config.Input.Count, config.MaxBatchSize, config.ModelTransactionPolicy.Decoupled));
        var seed = config.Input.Single(input => input.Name == "seed");
        Assert.Equal((DataType.TypeUint64, true), (seed.DataType, seed.Optional));
        Assert.Equal(["ensemble", "embed"], index.Models.Select(model => model.Name));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Equal([2, 8], embedded.Outputs[0].Shape);
        Assert.Equal(16, MemoryMarshal.Cast<byte, float>(embedded.Output("embedding")).Length);
    }

    [Theory]
    [InlineData("unknown", "unexpected inference input 'nope' for model 'ensemble'")]
    [InlineData("type", "input 'stream' is INT32, not BOOL")]
    [InlineData("shape", "input 'stream' has shape [1], expected [-1,1]")]
    [InlineData("cut", "a string is cut off")]
    [InlineData("missing", "input 'max_tokens' is missing for model 'ensemble'")]
    public async Task Other_server_refuses_what_is_not_declared(string wrong, string text)
    {
        await using var server = await CCoreTriton.StartAsync(TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var request = Requests.For("ensemble", "r1").Text("text_input", [1, 1], "x").Int32("max_tokens", [1, 1], 1);

        var response = Assert.Single(await StreamAsync(channel, wrong switch
        {
            "unknown" => request.Int32("nope", [1, 1], 1),
            "type" => request.Int32("stream", [1, 1], 1),
            "shape" => request.Flag("stream", [1]),
            "cut" => request.Raw("stop_words", "BYTES", [1, 1], 9, 0, 0, 0, 65),
            _ => Requests.For("ensemble", "r1").Text("text_input", [1, 1], "x").Flag("stream", [1, 1]),
        }));

        Assert.Equal((text, "r1"), (response.ErrorMessage, response.InferResponse.Id));
    }

    [Fact]
    public async Task Other_server_sees_a_cancellation()
    {
        await using var server = await CCoreTriton.StartAsync(TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        var cancellationToken = TestContext.Current.CancellationToken;
        var request = Requests.Ensemble("endless", 100_000);
        request.Id = "r1";
        using (var call = client.ModelStreamInfer(cancellationToken: cancellationToken))
        {
            await call.RequestStream.WriteAsync(request, cancellationToken);
            Assert.True(await call.ResponseStream.MoveNext(cancellationToken));
        }

        var watch = Stopwatch.StartNew();
        string[] cancelled = [];
        while (cancelled.Length == 0 && watch.Elapsed < SimulatorClient.Deadline)
        {
            var metadata = await client.ServerMetadataAsync(
                new ServerMetadataRequest(), cancellationToken: cancellationToken);
            cancelled = [.. metadata.Extensions];
        }

        Assert.StartsWith("cancelled:r1:", Assert.Single(cancelled), StringComparison.Ordinal);
    }

    private static async Task<List<ModelStreamInferResponse>> StreamAsync(GrpcChannel channel, ModelInferRequest request)
    {
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        using var call = client.ModelStreamInfer(deadline: DateTime.UtcNow + SimulatorClient.Deadline);
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        var responses = new List<ModelStreamInferResponse>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            responses.Add(response);
        }

        return responses;
    }
}
