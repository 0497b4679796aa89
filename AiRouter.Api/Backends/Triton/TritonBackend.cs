using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Backends.Triton.Transcriptions;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Health.Probes;
using AiRouter.Api.Scheduling;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Api.Backends.Triton;

/// <summary>A Triton server: requests are translated to its gRPC protocol, answers back to the OpenAI API.</summary>
internal sealed class TritonBackend(BackendModel model, TritonClient client, TritonServices services) : IBackend
{
    private readonly TextOperation _text = new(client, services);
    private readonly EmbeddingOperation _embeddings = new(client, services);
    private readonly TranscriptionOperation _transcriptions = new(client, services);
    private readonly ServerIdentity _identity = new(client, services.Time);

    /// <inheritdoc/>
    public BackendModel Model => model;

    /// <inheritdoc/>
    public string? ServerName => _identity.Name;

    /// <summary>How it has come by the configurations of the server's models so far.</summary>
    public ModelLookups Lookups => client.Lookups;

    /// <inheritdoc/>
    public bool Speaks(Operation operation) => operation.ClientDialect is null;

    /// <inheritdoc/>
    public async ValueTask<ApiError?> SendAsync(Exchange exchange, TargetModel target, CancellationToken cancellationToken)
    {
        try
        {
            // Templates and tokenizers take what they take, whatever the length of the request.
            await LongWork.Begin();
            var error = exchange.Operation.Name switch
            {
                Operations.Chat or Operations.Completions => await _text.SendAsync(exchange, target, cancellationToken),
                Operations.Embeddings => await _embeddings.SendAsync(exchange, target, cancellationToken),
                Operations.Transcriptions or Operations.Translations =>
                    await _transcriptions.SendAsync(exchange, target, cancellationToken),
                var other => new ApiError(
                    ErrorCause.UnsupportedOperation, $"The model '{exchange.PublicName}' is not for {other}.", "model"),
            };
            if (error is null)
            {
                return null;
            }

            // The call that the client's going has ended is no failure of the backend's.
            return cancellationToken.IsCancellationRequested
                ? TritonErrors.ClientGone
                : await FailAsync(exchange, error);
        }
        catch (TritonException exception)
        {
            return TritonErrors.Of(exception.Failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return TritonErrors.ClientGone;
        }
    }

    /// <summary>The models that do a model's work, where it is made of several; null: the server cannot be asked.</summary>
    public async ValueTask<IReadOnlyList<string>?> FindPartsAsync(string modelName, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetModelAsync(modelName, cancellationToken)).Parts;
        }
        catch (TritonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ProbeResult> ProbeAsync(IReadOnlyCollection<string> models, CancellationToken cancellationToken) =>
        TritonProbe.RunAsync(client, models, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => client.DisposeAsync();

    /// <summary>Once data has been sent the error is the stream's last event; before, it is the caller's to deal with.</summary>
    private static async ValueTask<ApiError?> FailAsync(Exchange exchange, ApiError error)
    {
        if (exchange.Events is { HasData: true } events)
        {
            await events.FailAsync(error);
            return null;
        }

        if (!exchange.Http.Response.HasStarted)
        {
            // They describe an answer that there will not be.
            exchange.Http.Response.Headers.Remove(UsageText.Header);
            exchange.Http.Response.Headers.Remove(UnsupportedList.Header);
        }

        return error;
    }
}
