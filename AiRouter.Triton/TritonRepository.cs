using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;
using Grpc.Core;

namespace AiRouter.Triton;

/// <summary>The model repository of a Triton server: what is in it, and what of it is loaded.</summary>
public sealed class TritonRepository(TritonClient client)
{
    // The words of every server whose models are not controlled by calls (--model-control-mode=explicit).
    private const string NotControlled = "explicit model load / unload is not allowed";

    /// <summary>Every model in the repository, by name.</summary>
    /// <exception cref="TritonException">The server cannot be reached, or gives no index.</exception>
    public async Task<IReadOnlyList<RepositoryEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        var index = await client.CallAsync(
            static (service, options) => service.RepositoryIndexAsync(new RepositoryIndexRequest(), options), cancellationToken)
            .ConfigureAwait(false);

        // A model has an entry for each version; one that was never loaded has one without a version.
        return
        [
            .. index.Models.GroupBy(static entry => entry.Name, StringComparer.Ordinal)
                .OrderBy(static model => model.Key, StringComparer.Ordinal)
                .Select(static model => new RepositoryEntry(
                    model.Key,
                    [
                        .. model.Where(static version => version.State.Length > 0)
                            .Select(static version => new RepositoryVersion(version.Version, version.State, version.Reason)),
                    ])),
        ];
    }

    /// <summary>Loads a model, or loads it anew; returns when it is ready, which can take minutes. Null: it is.</summary>
    /// <param name="name">The model.</param>
    /// <param name="deadline">How long it may take. The server goes on with it in any case.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TritonException">The server cannot be reached, or does not answer in time.</exception>
    public Task<RepositoryRefusal?> LoadAsync(string name, TimeSpan deadline, CancellationToken cancellationToken) => ChangeAsync(
        name,
        (service, options) => service.RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = name }, options),
        deadline,
        cancellationToken);

    /// <summary>Unloads a model; requests that it is answering are answered first. Null: it will be gone.</summary>
    /// <inheritdoc cref="LoadAsync"/>
    public Task<RepositoryRefusal?> UnloadAsync(string name, TimeSpan deadline, CancellationToken cancellationToken) => ChangeAsync(
        name,
        (service, options) => service.RepositoryModelUnloadAsync(new RepositoryModelUnloadRequest { ModelName = name }, options),
        deadline,
        cancellationToken);

    private async Task<RepositoryRefusal?> ChangeAsync<T>(
        string name,
        Func<GRPCInferenceService.GRPCInferenceServiceClient, CallOptions, AsyncUnaryCall<T>> call,
        TimeSpan deadline,
        CancellationToken cancellationToken)
    {
        try
        {
            await client.CallAsync(call, cancellationToken, deadline).ConfigureAwait(false);
            return null;
        }
        catch (TritonException exception) when (exception.InnerException is RpcException { Status: var status }
            && FailedThere(exception.Failure.Kind, status.Detail))
        {
            return new RepositoryRefusal(status.Detail.Contains(NotControlled, StringComparison.Ordinal), status.Detail);
        }
        finally
        {
            // Loaded anew, it may have another configuration.
            client.Forget(name);
        }
    }

    // A server that is there and says no: its reason is the model's, whatever status it comes with.
    private static bool FailedThere(TritonFailureKind kind, string words) =>
        words.Contains(NotControlled, StringComparison.Ordinal)
        || kind is TritonFailureKind.Unclassified or TritonFailureKind.ModelNotFound or TritonFailureKind.ModelNotReady
            or TritonFailureKind.InvalidRequest or TritonFailureKind.ContractMismatch or TritonFailureKind.Overloaded;
}

/// <summary>Why a server did not load or unload a model.</summary>
/// <param name="IsNotControlled">It never does: it was not started with <c>--model-control-mode=explicit</c>.</param>
/// <param name="Words">Its words: about the model and its files, never about a request.</param>
public sealed record RepositoryRefusal(bool IsNotControlled, string Words);
