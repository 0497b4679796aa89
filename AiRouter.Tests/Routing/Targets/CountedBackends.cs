using AiRouter.Api.Backends;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Sockets;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Routing.Targets;

/// <summary>
/// Backends that speak the OpenAI API and are counted by their connection pools: made at the first request, closed with
/// the backend.
/// </summary>
internal sealed class CountedBackends(IServiceProvider services) : IBackendFactory
{
    private int _opened;
    private int _closed;

    public BackendKind Kind => BackendKind.OpenAi;

    /// <summary>Backends that have been sent a request.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>Those of them that are not closed yet.</summary>
    public int Open => Opened - Volatile.Read(ref _closed);

    /// <summary>Puts it in the place of the real one.</summary>
    public static void Use(IServiceCollection services)
    {
        services.Remove(services.Single(s => s.ImplementationType == typeof(OpenAiBackendFactory)));
        services.AddSingleton<CountedBackends>();
        services.AddSingleton<IBackendFactory>(s => s.GetRequiredService<CountedBackends>());
    }

    public IBackend Create(BackendModel model) => ActivatorUtilities.CreateInstance<OpenAiBackend>(
        services, model,
        (Func<IUpstream>)(() => new Counted(this, new SocketUpstream(new SocketSettings(model.Config, TimeProvider.System)))),
        new SocketUpgrade(() => UpstreamHandler.Create(model.Config, discovery: null)));

    private sealed class Counted(CountedBackends owner, IUpstream upstream) : IUpstream
    {
        private int _isOpened;
        private int _isClosed;

        public ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _isOpened, 1) == 0)
            {
                Interlocked.Increment(ref owner._opened);
            }

            return upstream.SendAsync(request, cancellationToken);
        }

        public void Dispose()
        {
            upstream.Dispose();
            if (Volatile.Read(ref _isOpened) == 1 && Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                Interlocked.Increment(ref owner._closed);
            }
        }
    }
}
