using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator;
using Grpc.Core;
using Grpc.Net.Client;
using Client = AiRouter.Triton.Contract.GRPCInferenceService.GRPCInferenceServiceClient;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>A simulator of its own for one test, and a generated client for it.</summary>
internal sealed class SimulatorClient : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly GrpcChannel _channel;

    private SimulatorClient(SimulatedTriton simulator)
    {
        Simulator = simulator;
        _channel = GrpcChannel.ForAddress(simulator.Address, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        Grpc = new Client(_channel);
    }

    public SimulatedTriton Simulator { get; }

    public Client Grpc { get; }

    public CallInvoker Invoker => _channel.CreateCallInvoker();

    public static async Task<SimulatorClient> StartAsync(SimulatorOptions? options = null)
    {
        return new SimulatorClient(
            await SimulatedTriton.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>Sends one request, half-closes, and reads the stream to its end.</summary>
    public async Task<List<ModelStreamInferResponse>> StreamAsync(ModelInferRequest request, Metadata? headers = null)
    {
        using var call = Grpc.ModelStreamInfer(headers, DateTime.UtcNow + Deadline);
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        var responses = new List<ModelStreamInferResponse>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            responses.Add(response);
        }

        return responses;
    }

    /// <summary>The text of the one error that the stream must have.</summary>
    public async Task<string> ErrorAsync(ModelInferRequest request)
    {
        return Assert.Single(await StreamAsync(request)).ErrorMessage;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Simulator.DisposeAsync();
    }
}
