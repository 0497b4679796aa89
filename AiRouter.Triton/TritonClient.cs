using AiRouter.Triton.Contract;
using AiRouter.Triton.Grpc;
using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace AiRouter.Triton;

/// <summary>
/// One Triton server, over gRPC. Thread-safe. Connects when it is first used and again when a connection is lost, so a
/// server that is away at start is no problem.
/// </summary>
public sealed class TritonClient : IAsyncDisposable
{
    private const int IndexConcurrency = 8;

    private readonly TritonChannels _channels;
    private readonly ModelContracts _contracts;
    private readonly ModelReader _reader;
    private readonly ILogger _logger;

    /// <summary>Makes the client; nothing is sent.</summary>
    /// <exception cref="IOException">A certificate file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate file has no certificate or
    /// key.</exception>
    public TritonClient(TritonClientOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        Options = options;
        Time = timeProvider;
        _logger = loggerFactory.CreateLogger<TritonClient>();
        _contracts = new ModelContracts(ReadModelAsync);
        _reader = new ModelReader(
            name => ReadConfigAsync(name, Options.MetadataTimeout),
            name => ReadConfigAsync(name, Around),
            ReadVersionAsync);
        _channels = new TritonChannels(options, loggerFactory, OnReconnected);
    }

    internal TritonClientOptions Options { get; }

    internal TimeProvider Time { get; }

    /// <summary>How long is waited for what is around a model: no request fails without it.</summary>
    private TimeSpan Around =>
        Options.MetadataTimeout < Options.CountTimeout ? Options.MetadataTimeout : Options.CountTimeout;

    /// <summary>A model as the server describes it; its configuration is read on first use and kept.</summary>
    /// <exception cref="TritonException">The server cannot be reached, or has no such model.</exception>
    public ValueTask<TritonModel> GetModelAsync(string name, CancellationToken cancellationToken) =>
        _contracts.GetAsync(name, cancellationToken);

    /// <summary>How it has come by the configurations of models so far.</summary>
    public ModelLookups Lookups => _contracts.Lookups;

    /// <summary>
    /// Drops what is known of a model; the next use reads it again. Reconnecting does this for all models.
    /// </summary>
    public void Forget(string modelName) => _contracts.Forget(modelName);

    /// <summary>
    /// Begins to generate. Nothing is sent before the first <see cref="Generation.ReadAsync"/>; cancelling the token
    /// ends the call at the server too.
    /// </summary>
    public Generation Generate(TritonModel model, GenerationRequest request, CancellationToken cancellationToken) =>
        new(this, model, request, cancellationToken);

    /// <summary>Embeds texts or token arrays; failures are values.</summary>
    public Task<EmbeddingResult> EmbedAsync(
        TritonModel model, EmbeddingRequest request, CancellationToken cancellationToken) =>
        new EmbeddingCall(this, model, request).RunAsync(cancellationToken);

    /// <summary>Writes down one piece of audio; failures are values.</summary>
    public Task<TranscriptionResult> TranscribeAsync(
        TritonModel model, TranscriptionRequest request, CancellationToken cancellationToken) =>
        new TranscriptionCall(this, model, request).RunAsync(cancellationToken);

    /// <summary>
    /// How many tokens a prompt has for the model, special tokens that it adds included: TensorRT-LLM's
    /// <c>preprocessing</c> is asked. Null where there is none (<see cref="TritonModel.CanCountInputTokens"/>), and
    /// when it fails or takes longer than <see cref="TritonClientOptions.CountTimeout"/>.
    /// </summary>
    /// <param name="model">The model that the prompt is for.</param>
    /// <param name="prompt">UTF-8.</param>
    /// <param name="requestId">The request's id: <c>x-request-id</c> in the gRPC metadata.</param>
    /// <param name="cancellationToken">Ends the call at the server too.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<int?> CountInputTokensAsync(
        TritonModel model, ReadOnlyMemory<byte> prompt, string? requestId, CancellationToken cancellationToken) =>
        model.Preprocessing is { Kind: ModelKind.Helper } preprocessing
            ? await new InputCountCall(this, preprocessing).RunAsync(prompt, requestId, cancellationToken)
                .ConfigureAwait(false)
            : null;

    /// <summary>Whether the server answers and says that it is ready.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskReadyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TritonException)
        {
            return false;
        }
    }

    /// <summary>Whether the server says that it is ready.</summary>
    /// <exception cref="TritonException">It says nothing.</exception>
    public async Task<bool> AskReadyAsync(CancellationToken cancellationToken)
    {
        var response = await CallAsync(
            (client, options) => client.ServerReadyAsync(new ServerReadyRequest(), options), cancellationToken)
            .ConfigureAwait(false);
        return response.Ready;
    }

    /// <summary>Whether the server says that a model is ready; a model that it does not know is not.</summary>
    /// <exception cref="TritonException">It says nothing.</exception>
    public async Task<bool> IsModelReadyAsync(string name, CancellationToken cancellationToken)
    {
        var response = await CallAsync(
            (client, options) => client.ModelReadyAsync(new ModelReadyRequest { Name = name }, options), cancellationToken)
            .ConfigureAwait(false);
        return response.Ready;
    }

    /// <summary>What the server calls itself; null when it does not answer.</summary>
    public async Task<string?> FindServerNameAsync(CancellationToken cancellationToken)
    {
        try
        {
            var server = await ReadServerAsync(cancellationToken).ConfigureAwait(false);
            return server.Name.Length == 0 ? null : server.Name;
        }
        catch (TritonException)
        {
            return null;
        }
    }

    /// <summary>What the server says about itself.</summary>
    /// <exception cref="TritonException">It says nothing.</exception>
    public async Task<TritonServer> ReadServerAsync(CancellationToken cancellationToken)
    {
        var response = await CallAsync(
            (client, options) => client.ServerMetadataAsync(new ServerMetadataRequest(), options), cancellationToken)
            .ConfigureAwait(false);
        return new TritonServer(response.Name, response.Version, [.. response.Extensions]);
    }

    /// <summary>The models in the server's repository, by name; parts of other models are marked as such.</summary>
    /// <exception cref="TritonException">The server cannot be reached, or gives no index.</exception>
    public async Task<IReadOnlyList<RepositoryModel>> ListModelsAsync(CancellationToken cancellationToken)
    {
        var models = await new TritonRepository(this).ReadAsync(cancellationToken).ConfigureAwait(false);
        using var slots = new SemaphoreSlim(IndexConcurrency);
        return await Task.WhenAll(models.Select(async model =>
        {
            await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var kind = model.IsReady
                    ? await KindOfAsync(model.Name, cancellationToken).ConfigureAwait(false)
                    : ModelKind.Unknown;
                return new RepositoryModel(model.Name, model.IsReady, kind);
            }
            finally
            {
                slots.Release();
            }
        })).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _channels.Dispose();
        return ValueTask.CompletedTask;
    }

    internal InferCall Infer(
        InferRequest request,
        Metadata headers,
        CancellationToken cancellationToken,
        TritonClientOptions? deadlines = null) =>
        new(_channels, request, headers, deadlines ?? Options, Time, cancellationToken);

    internal void LogContractChanged(string model, TritonFailureKind cause) =>
        Log.ContractChanged(_logger, model, cause);

    internal void LogStreamingRefused(string model) => Log.StreamingRefused(_logger, model);

    internal Metadata Headers(string? requestId, string? traceParent, string? traceState)
    {
        var headers = new Metadata();
        foreach (var (name, value) in Options.Headers)
        {
            headers.Add(name, value);
        }

        Add(headers, "x-request-id", requestId);
        Add(headers, "traceparent", traceParent);
        Add(headers, "tracestate", traceState);
        return headers;
    }

    private static void Add(Metadata headers, string name, string? value)
    {
        // These come from clients; a value that metadata cannot carry is no reason to fail a request.
        if (!string.IsNullOrEmpty(value) && !value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            headers.Add(name, value);
        }
    }

    private async Task<ModelKind> KindOfAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await GetModelAsync(name, cancellationToken).ConfigureAwait(false)).Kind;
        }
        catch (TritonException)
        {
            return ModelKind.Unknown;
        }
    }

    private async Task<TritonModel> ReadModelAsync(string name)
    {
        var model = await _reader.ReadAsync(name).ConfigureAwait(false);
        Log.ModelRead(_logger, name, model.AdapterName, Options.Address);
        return model;
    }

    private async Task<ModelConfig> ReadConfigAsync(string name, TimeSpan deadline)
    {
        var response = await CallAsync(
            (client, options) => client.ModelConfigAsync(new ModelConfigRequest { Name = name }, options),
            CancellationToken.None,
            deadline).ConfigureAwait(false);
        return response.Config ?? new ModelConfig();
    }

    private async Task<string> ReadVersionAsync()
    {
        var response = await CallAsync(
            (client, options) => client.ServerMetadataAsync(new ServerMetadataRequest(), options),
            CancellationToken.None,
            Around).ConfigureAwait(false);
        return response.Version;
    }

    internal async Task<T> CallAsync<T>(
        Func<GRPCInferenceService.GRPCInferenceServiceClient, CallOptions, AsyncUnaryCall<T>> call,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null)
    {
        var wait = deadline ?? Options.MetadataTimeout;
        using var timeout = new CancellationTokenSource(wait, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var channel = _channels.Begin();
        try
        {
            var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel.Invoker);
            var options = new CallOptions(Headers(null, null, null), cancellationToken: either.Token);
            using var pending = call(client, options);
            return await pending.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException exception) when (timeout.IsCancellationRequested)
        {
            _channels.Replace(channel);
            throw new TritonException(
                new TritonFailure(TritonFailureKind.DeadlineExceeded, $"No answer within {wait}."),
                exception);
        }
        catch (RpcException exception)
        {
            throw new TritonException(FailureTable.FromStatus(exception.Status), exception);
        }
        catch (ObjectDisposedException exception)
        {
            throw new TritonException(
                new TritonFailure(TritonFailureKind.Unavailable, "The client has been disposed."), exception);
        }
        finally
        {
            channel.End();
        }
    }

    private void OnReconnected()
    {
        _contracts.ForgetAll();
        Log.Reconnected(_logger, Options.Address);
    }
}
