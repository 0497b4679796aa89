using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>How a provider is reached, whichever key is used.</summary>
internal sealed class BifrostNetwork
{
    // Bifrost's kinds of requests, what they are here, and where they go.
    private static readonly (string Request, string Operation, string Path)[] Requests =
    [
        ("chat_completion", Core.Configuration.Operations.Chat, "/v1/chat/completions"),
        ("text_completion", Core.Configuration.Operations.Completions, "/v1/completions"),
        ("responses", Core.Configuration.Operations.Responses, "/v1/responses"),
        ("embedding", Core.Configuration.Operations.Embeddings, "/v1/embeddings"),
        ("rerank", Core.Configuration.Operations.Rerank, "/v1/rerank"),
        ("speech", Core.Configuration.Operations.Speech, "/v1/audio/speech"),
        ("transcription", Core.Configuration.Operations.Transcriptions, "/v1/audio/transcriptions"),
        ("image_generation", Core.Configuration.Operations.Images, "/v1/images/generations"),
    ];

    // What servers do that speak Anthropic's API.
    private static readonly string[] OfMessages = [Core.Configuration.Operations.Chat, Core.Configuration.Operations.Responses];

    private readonly KnownProvider _known;
    private readonly SourceValue? _address;
    private readonly SourceValue? _headers;
    private readonly SourceValue? _paths;
    private readonly BackendConfig _common;

    /// <summary>Reads it.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="custom">What makes it a provider of one's own; null: it is none.</param>
    /// <param name="known">Whose API it speaks.</param>
    /// <param name="isOwnServer">Whether it is a server of one's own that speaks OpenAI's API: its address has no <c>/v1</c>.</param>
    public BifrostNetwork(SourceValue provider, SourceValue? custom, KnownProvider known, bool isOwnServer)
    {
        var network = provider.TakeMap("network_config");
        var isVersioned = known.Path.Length == 0 && known.Url?.EndsWith("/v1", StringComparison.Ordinal) is true;
        _known = isVersioned ? known with { Path = "/v1" } : known;
        _address = BifrostText.Of(network?.Take("base_url"));
        _headers = network?.TakeMap("extra_headers");
        _paths = custom?.TakeMap("request_path_overrides");
        IsItself = _address is null && !isOwnServer;
        Retry = RetryOf(network);
        Operations = OperationsOf(custom?.TakeMap("allowed_requests"), known.Kind);
        _common = CommonOf(provider, network);
    }

    public RetryConfig Retry { get; }

    /// <summary>What it is for; null: all that it can do.</summary>
    public IReadOnlyList<string>? Operations { get; }

    /// <summary>Whether it is the service of that name, at its own address.</summary>
    public bool IsItself { get; }

    /// <summary>Where it is; null: nobody knows.</summary>
    /// <param name="ofKey">The address that the key has, which goes before the provider's.</param>
    /// <param name="task">Knows variables.</param>
    public (Uri Url, string? Missing)? Url(SourceValue? ofKey, ImportTask task)
    {
        if ((ofKey ?? _address) is not { } address)
        {
            return _known.Url is { } own ? (new Uri(own), null) : null;
        }

        var (url, missing) = ImportedUrl.Read(address, task.Secrets, v => task.Environment.GetValueOrDefault(v));
        return url is null ? null : missing is null ? (_known.Complete(url), null) : (url, missing);
    }

    /// <summary>The backend at an address.</summary>
    public BackendConfig Backend(Uri url, string name, ImportTask task) => _common with
    {
        Kind = _known.Kind,
        Url = url,
        Responses = _known.HasResponses,
        Headers = ImportedHeaders.Read(_headers, name, task.Secrets),
        Paths = PathsOf(url),
    };

    private IEnumerable<(string Request, string Path)> Overridable => _known.Kind == BackendKind.Anthropic
        ? [("chat_completion", "/v1/messages")]
        : Requests.Select(static r => (r.Request, r.Path));

    private Dictionary<string, Uri> PathsOf(Uri url)
    {
        var paths = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var (request, path) in Overridable)
        {
            if (_paths?.TakeText(request) is { } other)
            {
                // Behind the provider's own address, or a whole one.
                var text = Uri.TryCreate(other, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https"
                    ? other
                    : url.GetLeftPart(UriPartial.Authority) + "/" + other.TrimStart('/');
                if (ImportedUrl.Read(text, _paths.Find(request)!) is { } place)
                {
                    paths[path] = place;
                }
            }
        }

        return paths;
    }

    private static RetryConfig RetryOf(SourceValue? network)
    {
        var retry = new RetryConfig();
        if (network?.TakeInt("max_retries", 0, 100) is { } retries)
        {
            retry = retry with { Attempts = Math.Min(retries + 1, 10) };
        }

        if (network?.Take("retry_backoff_initial") is { } backoff)
        {
            // Milliseconds, or a text such as 500ms.
            var isText = backoff.Text.EndsWith("ms", StringComparison.Ordinal);
            var seconds = backoff.Number() / 1000 ??
                (isText && decimal.TryParse(backoff.Text.AsSpan(0, backoff.Text.Length - 2), out var milliseconds) ? milliseconds / 1000
                : (decimal?)ImportedTerms.Seconds(backoff.Text));
            if (seconds is >= 0 and <= 60)
            {
                retry = retry with { Backoff = (double)seconds };
            }
        }

        return retry;
    }

    private static BackendConfig CommonOf(SourceValue provider, SourceValue? network)
    {
        var backend = new BackendConfig { Url = ImportedUrl.Unknown };
        var timeouts = backend.Timeouts;
        if (network?.TakeNumber("default_request_timeout_in_seconds", 0.1, 86_400) is { } whole)
        {
            timeouts = timeouts with { FirstByte = whole, Total = Math.Max(timeouts.Total, whole) };
        }

        if (network?.TakeNumber("stream_idle_timeout_in_seconds", 0.1, 86_400) is { } idle)
        {
            timeouts = timeouts with { Idle = idle };
        }

        var concurrency = provider.TakeMap("concurrency_and_buffer_size");
        concurrency?.Take("buffer_size");
        return backend with
        {
            Timeouts = timeouts,
            MaxRequestsPerReplica = concurrency?.TakeInt("concurrency", 1, 1_000_000) ?? backend.MaxRequestsPerReplica,
            MaxConnectionsPerReplica = network?.TakeInt("max_conns_per_host", 1, 65_536) ?? backend.MaxConnectionsPerReplica,
        };
    }

    private static List<string>? OperationsOf(SourceValue? allowed, BackendKind kind)
    {
        if (allowed is null)
        {
            return null;
        }

        allowed.Take("list_models");
        var requests = kind == BackendKind.Anthropic ? Requests.Where(static r => OfMessages.Contains(r.Operation)) : Requests;
        var operations = requests.Where(r => allowed.TakeFlag(r.Request) is true).Select(static r => r.Operation).ToList();
        foreach (var (name, value) in allowed.Members)
        {
            // Streams are no operation of their own; what is not allowed needs no equivalent.
            if (name.EndsWith("_stream", StringComparison.Ordinal) || value.Flag() is false)
            {
                allowed.Take(name);
            }
        }

        return operations;
    }
}
