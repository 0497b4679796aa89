using System.Net;
using AiRouter.TritonSimulator.Hosting;
using AiRouter.TritonSimulator.Recording;
using AiRouter.TritonSimulator.Repository;
using AiRouter.TritonSimulator.Services;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AiRouter.TritonSimulator;

/// <summary>
/// A Triton without a GPU inside this process, on a loopback port: the gRPC services of the real one over HTTP/2, scripted
/// models, faults on demand. Tests start one, look at what it received, and dispose it.
/// </summary>
public sealed class SimulatedTriton : IAsyncDisposable
{
    private readonly SimulatorState _state;
    private WebApplication? _app;

    private SimulatedTriton(SimulatorState state)
    {
        _state = state;
    }

    /// <summary>Where the gRPC services are, for example http://127.0.0.1:41234. It stays the same over a restart.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Where the HTTP pages are; null without <see cref="SimulatorOptions.HttpPort"/>.</summary>
    public Uri? HttpAddress { get; private set; }

    /// <summary>The options that it was started with. Delays and rates may be changed while it runs.</summary>
    public SimulatorOptions Options => _state.Options;

    /// <summary>The requests received, oldest first; refused ones too.</summary>
    public IReadOnlyCollection<RecordedRequest> Requests => _state.Requests.Snapshot();

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => _state.Connections.Open;

    /// <summary>Connections accepted since the start.</summary>
    public int AcceptedConnections => _state.Connections.Accepted;

    /// <summary>Whether the server says that it is ready; inference fails when it is not.</summary>
    public bool Ready
    {
        get => _state.Ready;
        set => _state.Ready = value;
    }

    /// <summary>Requests being answered now, over all models.</summary>
    public long InFlight => _state.Repository.Entries.Sum(entry => entry.Counters.InFlight);

    /// <summary>Starts one on a free loopback port.</summary>
    public static async Task<SimulatedTriton> StartAsync(
        SimulatorOptions? options = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var state = new SimulatorState(options ?? new SimulatorOptions(), time ?? TimeProvider.System);
        var simulator = new SimulatedTriton(state);
        await simulator.ListenAsync(cancellationToken);
        return simulator;
    }

    /// <summary>The counters of a model. Throws when there is no such model.</summary>
    public ModelCounters Counters(string model)
    {
        return Entry(model).Counters;
    }

    /// <summary>Makes a model available.</summary>
    public void Load(string model)
    {
        Entry(model).Loaded = true;
    }

    /// <summary>Makes a model unavailable; requests in flight go on.</summary>
    public void Unload(string model)
    {
        Entry(model).Loaded = false;
    }

    /// <summary>Forgets the recorded requests.</summary>
    public void ClearRequests()
    {
        _state.Requests.Clear();
    }

    /// <summary>The first recorded request that fits, now or when it comes. Throws <see cref="TimeoutException"/>.</summary>
    public async Task<RecordedRequest> WaitForRequestAsync(
        Func<RecordedRequest, bool>? match = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout ?? TimeSpan.FromSeconds(10));
        try
        {
            while (true)
            {
                var next = _state.Requests.NextAsync();
                if (Requests.FirstOrDefault(request => match?.Invoke(request) ?? true) is { } found)
                {
                    return found;
                }

                await next.WaitAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No such request among the {Requests.Count} that came.");
        }
    }

    /// <summary>Tells every client to use a new connection (GOAWAY); requests in flight go on.</summary>
    public void GoAway()
    {
        _state.Connections.GoAway();
    }

    /// <summary>Cuts every connection; the listener stays.</summary>
    public void DropConnections()
    {
        _state.Connections.Drop();
    }

    /// <summary>Stops listening and cuts every connection, as a process that dies.</summary>
    public async Task KillAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            _state.Connections.Drop();
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await app.StopAsync(now.Token);
            await app.DisposeAsync();
        }
    }

    /// <summary>Listens again, on the same port. Kills it first when it runs.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await KillAsync();
        await ListenAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(SimulatedTriton).Assembly.GetName().Name,
        });
        builder.Logging.ClearProviders();
        var app = SimulatorHost.Build(builder, _state, new IPEndPoint(IPAddress.Loopback, Address.Port));
        await app.StartAsync(cancellationToken);
        _app = app;

        Uri[] addresses = [.. app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];
        Address = addresses[0];
        HttpAddress = _state.Options.HttpPort is null ? null : addresses[1];
        // A restart must find the HTTP pages where they were.
        _state.Options.HttpPort = HttpAddress?.Port;
    }

    private RepositoryEntry Entry(string model)
    {
        return _state.Repository.Find(model)
            ?? throw new ArgumentException($"The simulator has no model '{model}'.", nameof(model));
    }
}
