using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using AiRouter.Triton;
using Microsoft.Extensions.ServiceDiscovery;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>
/// The model repositories of Triton servers: what is in them, and loading and unloading, which only admins may and which the audit
/// notes. Loading takes as long as it takes: it goes on while nobody looks, and is remembered for a while.
/// </summary>
internal sealed partial class RepositoryControl(
    BackendAccess access, AdminKeyStore audit, TimeProvider time, ILogger<RepositoryControl> logger, ServiceEndpointResolver? services = null)
    : IDisposable
{
    /// <summary>How many are remembered.</summary>
    internal const int MostKept = 200;

    private const int MostRunning = 8;

    // Quick ones are over when the answer is given.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // The largest models come over a network, and are compiled first.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(60);

    private readonly ConcurrentDictionary<(string Backend, string Model), RepositoryChange> _changes = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _starting = new();

    /// <summary>What is in a backend's repository.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <param name="asked">The backend as somebody is about to save it; null: as it is stored.</param>
    /// <param name="by">Who wants to know.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<RepositoryView>> ReadAsync(
        string backend, BackendConfig? asked, AdminIdentity by, CancellationToken cancellationToken)
    {
        var prepared = await PrepareAsync(backend, asked, by, cancellationToken);
        if (prepared.Failure is { } failure)
        {
            return failure;
        }

        try
        {
            await using var client = Connect(prepared.Value!);
            return await RepositoryReader.ReadAsync(client, cancellationToken);
        }
        catch (Exception wrong) when (Sentence(wrong) is { } sentence)
        {
            return new ManagementFailure(FailureKind.Refused, sentence);
        }
    }

    /// <summary>What was asked of a backend's repository lately, by model.</summary>
    public IReadOnlyDictionary<string, RepositoryChange> Changes(string backend) =>
        _changes.Values.Where(c => c.Backend == backend).ToDictionary(static c => c.Model, StringComparer.Ordinal);

    /// <summary>Loads or unloads a model. The answer says how it went, or that it still runs.</summary>
    public async Task<Outcome<RepositoryChange>> ChangeAsync(
        string backend, string model, RepositoryAction action, AdminIdentity by, CancellationToken cancellationToken)
    {
        var prepared = await PrepareAsync(backend, null, by, cancellationToken);
        if (prepared.Failure is { } failure)
        {
            return failure;
        }

        var change = new RepositoryChange(backend, model, action, by.Name, time.GetUtcNow());
        if (Begin(change) is { } obstacle)
        {
            return obstacle;
        }

        try
        {
            var name = $"repository.{(action == RepositoryAction.Load ? "load" : "unload")}";
            await audit.NoteAsync(new AuditEntry(change.Started, by.Name, name, backend, model, []), cancellationToken);
        }
        catch
        {
            _changes.TryRemove((backend, model), out _);
            throw;
        }

        LogChange(by.Name, action, model, backend);
        var run = RunAsync(prepared.Value!, change);
        await Task.WhenAny(run, Task.Delay(Patience, time, cancellationToken));
        return _changes.GetValueOrDefault((backend, model), change);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task<Outcome<ReachedBackend>> PrepareAsync(
        string name, BackendConfig? asked, AdminIdentity by, CancellationToken cancellationToken)
    {
        var prepared = await access.PrepareAsync(name, asked, by, cancellationToken);
        return prepared.Value is { Config.Kind: not BackendKind.Triton }
            ? new ManagementFailure(FailureKind.Refused, $"The backend \"{name}\" is no Triton server: it has no model repository.")
            : prepared;
    }

    private ManagementFailure? Begin(RepositoryChange change)
    {
        lock (_starting)
        {
            if (_changes.GetValueOrDefault((change.Backend, change.Model)) is { State: RepositoryChangeState.Running } other)
            {
                return new ManagementFailure(
                    FailureKind.Refused, $"\"{other.By}\" is having {change.Model} {(other.Action == RepositoryAction.Load ? "loaded" : "unloaded")} already.");
            }

            if (_changes.Values.Count(static c => c.State == RepositoryChangeState.Running) >= MostRunning)
            {
                return new ManagementFailure(FailureKind.Refused, $"{MostRunning} models are being loaded already: wait for one of them.");
            }

            foreach (var old in _changes.Values.OrderByDescending(static c => c.Started).Skip(MostKept - 1).ToList())
            {
                _changes.TryRemove((old.Backend, old.Model), out _);
            }

            _changes[(change.Backend, change.Model)] = change;
            return null;
        }
    }

    private async Task RunAsync(ReachedBackend backend, RepositoryChange change)
    {
        string? problem;
        try
        {
            await using var client = Connect(backend);
            var repository = new TritonRepository(client);
            var refusal = change.Action == RepositoryAction.Load
                ? await repository.LoadAsync(change.Model, Deadline, _ended.Token)
                : await repository.UnloadAsync(change.Model, Deadline, _ended.Token);
            problem = refusal is null ? null : Sentence(refusal);
        }
        catch (OperationCanceledException)
        {
            problem = "Admin stopped before the server answered.";
        }
        catch (Exception wrong) when (Sentence(wrong) is { } sentence)
        {
            problem = sentence;
        }
        catch (Exception bug)
        {
            LogBug(bug, change.Model, change.Backend);
            problem = "It is Admin's fault; its log says more.";
        }

        _changes[(change.Backend, change.Model)] = change with
        {
            State = problem is null ? RepositoryChangeState.Done : RepositoryChangeState.Failed,
            Text = problem,
            Ended = time.GetUtcNow(),
        };
    }

    private TritonClient Connect(ReachedBackend backend) =>
        TritonAccess.Connect(backend, new CheckedConnector(services, Dns.GetHostAddressesAsync), time);

    // The server's words are about its files and its memory, and whoever asked needs them; they are not logged.
    private static string Sentence(RepositoryRefusal refusal) => refusal.IsNotControlled
        ? "This server does not load or unload models when asked: it was not started with --model-control-mode=explicit."
        : $"The server said: {refusal.Words.Trim()}";

    private static string? Sentence(Exception wrong) => wrong switch
    {
        TritonException { Failure.Kind: TritonFailureKind.DeadlineExceeded or TritonFailureKind.ConnectTimeout } =>
            "The server did not answer in time; it may still be at it.",
        TritonException { Failure.Kind: TritonFailureKind.Unauthenticated } => "The server wants a credential for that, and got none that it takes.",
        TritonException { Failure.Kind: TritonFailureKind.NoTriton } => "The server has no model repository: it does not know the call.",
        TritonException => "The server could not be reached, or broke off: test the connection.",
        IOException or UnauthorizedAccessException or CryptographicException => "The files of tls cannot be read where Admin runs.",
        _ => null,
    };

    [LoggerMessage(3502, LogLevel.Information, "{By} asks for {Action} of the model {Model} at the backend {Backend}")]
    private partial void LogChange(string by, RepositoryAction action, string model, string backend);

    [LoggerMessage(3503, LogLevel.Error, "Loading or unloading {Model} at {Backend} failed: a bug")]
    private partial void LogBug(Exception bug, string model, string backend);
}
