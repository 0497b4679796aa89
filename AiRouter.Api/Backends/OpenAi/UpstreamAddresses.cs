using System.Collections.Concurrent;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Where at one backend requests go. Those of the operations' own paths are made once: there are a few of them.</summary>
internal sealed class UpstreamAddresses(BackendConfig backend)
{
    private readonly ConcurrentDictionary<string, UpstreamAddress> _known = new(StringComparer.Ordinal);

    /// <summary>Where this request goes.</summary>
    public UpstreamAddress For(Exchange exchange)
    {
        // What a client adds to a path of its own dialect means nothing at another.
        var query = exchange.IsTranslated ? default : exchange.Http.Request.QueryString;
        return query.HasValue || !ReferenceEquals(exchange.UpstreamPath, exchange.Operation.Path)
            ? new UpstreamAddress(UpstreamUrl.For(backend, exchange.UpstreamPath, query, exchange.Keys))
            : _known.GetOrAdd(exchange.Operation.Path, static (path, b) => new UpstreamAddress(BackendUrl.For(b, path)), backend);
    }
}
