using AiRouter.Api.Backends;
using AiRouter.Api.Backends.OpenAi;
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

    public IBackend Create(BackendModel model) =>
        ActivatorUtilities.CreateInstance<OpenAiBackend>(services, model, (Func<HttpMessageHandler>)(() => new Pool(this)));

    private sealed class Pool : DelegatingHandler
    {
        private readonly CountedBackends _owner;
        private int _isClosed;

        public Pool(CountedBackends owner)
            : base(new SocketsHttpHandler { UseProxy = false })
        {
            _owner = owner;
            Interlocked.Increment(ref owner._opened);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                Interlocked.Increment(ref _owner._closed);
            }

            base.Dispose(disposing);
        }
    }
}
