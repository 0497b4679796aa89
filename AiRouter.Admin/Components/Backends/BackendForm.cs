using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Admin.Components.Backends;

/// <summary>A backend while it is edited: filled from the record as it is shown, and turned back into one.</summary>
public sealed class BackendForm
{
    private IReadOnlyList<string> _storedOrigins = [];

    /// <summary>Its name in the configuration.</summary>
    public string Name { get; set; } = "";

    /// <summary>The protocol that it speaks.</summary>
    public BackendKind Kind { get; set; } = BackendKind.Triton;

    /// <summary>Its address, as it is typed.</summary>
    public string Url { get; set; } = "";

    /// <summary>What is sent to it as its credential.</summary>
    public CredentialForm Credential { get; set; } = new();

    /// <summary>Extra headers.</summary>
    public List<HeaderRow> Headers { get; } = [];

    /// <summary>Whole URLs for single paths; kind openai.</summary>
    public List<PathRow> Paths { get; } = [];

    /// <summary>PEM file with the authorities.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM file with the client certificate.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file with the client certificate's key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Deadlines.</summary>
    public TimeoutsConfig Timeouts { get; set; } = new();

    /// <summary>Whether it takes <c>stream_options</c>; kind openai.</summary>
    public bool StreamUsage { get; set; } = true;

    /// <summary>Whether it has a Responses API; kind openai.</summary>
    public bool Responses { get; set; } = true;

    /// <summary>Whether it speaks Anthropic's Messages; kind openai.</summary>
    public bool Messages { get; set; }

    /// <summary>Whether it is somebody else's service; null: as its host says.</summary>
    public bool? External { get; set; }

    /// <summary>Requests under way at a time.</summary>
    public int MaxRequestsPerReplica { get; set; } = new BackendConfig { Url = Nowhere }.MaxRequestsPerReplica;

    /// <summary>Connections at a time; kind openai.</summary>
    public int MaxConnectionsPerReplica { get; set; } = new BackendConfig { Url = Nowhere }.MaxConnectionsPerReplica;

    /// <summary>When it is left alone.</summary>
    public BreakerConfig Breaker { get; set; } = new();

    /// <summary>How it is asked whether it is well.</summary>
    public ProbeConfig Probe { get; set; } = new();

    /// <summary>Where it tells its load; kind triton.</summary>
    public string LoadSignalUrl { get; set; } = "";

    /// <summary>Seconds between two reads of its load; kind triton.</summary>
    public double LoadSignalInterval { get; set; } = new LoadSignalConfig { Url = Nowhere }.Interval;

    /// <summary>HTTP/2 connections; kind triton.</summary>
    public int Connections { get; set; } = new BackendConfig { Url = Nowhere }.Connections;

    /// <summary>The largest message in MiB; kind triton.</summary>
    public int MaxMessageMiB { get; set; } = new BackendConfig { Url = Nowhere }.MaxMessageMiB;

    /// <summary>
    /// Whether it would send to other hosts than the stored one does: what is stored as credential was given for those, and is dropped (R6).
    /// </summary>
    public bool IsMoved => _storedOrigins.Count > 0 &&
        (Parse(Url) is not { } url || !SecretPlace.OriginsOf(new BackendConfig { Url = url, Paths = PathUrls() }).SequenceEqual(_storedOrigins));

    /// <summary>The hosts that the stored credentials were given for.</summary>
    public string StoredHosts => string.Join(", ", _storedOrigins);

    private static Uri Nowhere { get; } = new("http://localhost");

    /// <summary>The form of a stored backend.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shown">The backend without its credentials.</param>
    public static BackendForm Of(string name, BackendConfig shown)
    {
        var form = new BackendForm
        {
            Name = name,
            Kind = shown.Kind,
            Url = shown.Url.OriginalString,
            Credential = CredentialForm.Of(shown.ApiKey),
            CaFile = shown.Tls?.CaFile ?? "",
            CertificateFile = shown.Tls?.CertificateFile ?? "",
            KeyFile = shown.Tls?.KeyFile ?? "",
            Timeouts = shown.Timeouts,
            StreamUsage = shown.StreamUsage,
            Responses = shown.Responses,
            Messages = shown.Messages,
            External = shown.External,
            MaxRequestsPerReplica = shown.MaxRequestsPerReplica,
            MaxConnectionsPerReplica = shown.MaxConnectionsPerReplica,
            Breaker = shown.Breaker,
            Probe = shown.Probe,
            LoadSignalUrl = shown.LoadSignal?.Url.OriginalString ?? "",
            LoadSignalInterval = shown.LoadSignal?.Interval ?? new LoadSignalConfig { Url = Nowhere }.Interval,
            Connections = shown.Connections,
            MaxMessageMiB = shown.MaxMessageMiB,
            _storedOrigins = SecretPlace.OriginsOf(shown),
        };
        form.Headers.AddRange(shown.Headers.Select(static h => HeaderRow.Of(h.Key, h.Value)));
        form.Paths.AddRange(shown.Paths.Select(static p => new PathRow { Path = p.Key, Url = p.Value.OriginalString }));
        return form;
    }

    /// <summary>
    /// The record, or what is wrong with what was typed: paths are those of the backend's own members. Settings that the kind has no
    /// use for are left out.
    /// </summary>
    public (BackendConfig? Config, IReadOnlyList<ConfigurationProblem> Problems) ToConfig()
    {
        List<ConfigurationProblem> problems = [];
        var url = UrlOf(Url, "url", problems);
        var loadSignal = Kind == BackendKind.Triton && LoadSignalUrl.Trim().Length > 0 ? UrlOf(LoadSignalUrl, "loadSignal.url", problems) : null;
        var apiKey = Credential.Value(IsMoved, problems);
        var headers = HeaderValues(problems);
        var paths = Kind != BackendKind.Triton ? PathUrls(problems) : [];
        if (problems.Count > 0)
        {
            return (null, problems);
        }

        var standard = new BackendConfig { Url = url! };
        var isHttp = Kind != BackendKind.Triton;
        var config = standard with
        {
            Kind = Kind,
            ApiKey = apiKey,
            Headers = headers,
            Paths = paths,
            Tls = TlsOf(),
            Timeouts = Timeouts,
            StreamUsage = Kind == BackendKind.OpenAi ? StreamUsage : standard.StreamUsage,
            Responses = Kind == BackendKind.OpenAi ? Responses : standard.Responses,
            Messages = Kind == BackendKind.OpenAi && Messages,
            External = External,
            MaxRequestsPerReplica = MaxRequestsPerReplica,
            MaxConnectionsPerReplica = MaxConnectionsPerReplica,
            Breaker = Breaker,
            Probe = isHttp ? Probe with { Path = Text(Probe.Path) } : Probe with { Path = null },
            LoadSignal = loadSignal is null ? null : new LoadSignalConfig { Url = loadSignal, Interval = LoadSignalInterval },
            Connections = isHttp ? standard.Connections : Connections,
            MaxMessageMiB = isHttp ? standard.MaxMessageMiB : MaxMessageMiB,
        };

        // Ranges are the document's: what reads it tells what is out of them.
        problems.AddRange(RecordJson.Read<BackendConfig>(Encoding.UTF8.GetBytes(ConfigurationJson.WriteRecord(config))).Problems);
        return problems.Count > 0 ? (null, problems) : (config, []);
    }

    private static string? Text(string? typed) => typed?.Trim() is { Length: > 0 } text ? text : null;

    private static Uri? Parse(string typed) => Uri.TryCreate(typed.Trim(), UriKind.Absolute, out var url) ? url : null;

    private static Uri? UrlOf(string typed, string path, List<ConfigurationProblem> problems)
    {
        if (Text(typed) is null)
        {
            problems.Add(new ConfigurationProblem(path, "is missing: an address such as http://gpu-1:8001", null));
            return null;
        }

        var url = Parse(typed);
        if (url is null || url.Scheme is not ("http" or "https"))
        {
            problems.Add(new ConfigurationProblem(path, "must begin with http:// or https://, such as http://gpu-1:8001", null));
        }

        return url;
    }

    private TlsConfig? TlsOf() => (Text(CaFile), Text(CertificateFile), Text(KeyFile)) switch
    {
        (null, null, null) => null,
        var (authorities, certificate, key) => new TlsConfig { CaFile = authorities, CertificateFile = certificate, KeyFile = key },
    };

    private Dictionary<string, string> HeaderValues(List<ConfigurationProblem> problems)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in Headers.Where(static r => r.Name.Trim().Length > 0 || r.Value.Length > 0))
        {
            var name = row.Name.Trim();
            if (!headers.TryAdd(name, row.IsStored ? StoredCredentials.Placeholder : row.Value.Trim()))
            {
                problems.Add(new ConfigurationProblem($"headers.{name}", "is there twice", null));
            }
            else if (row.IsStored && IsMoved)
            {
                problems.Add(new ConfigurationProblem(
                    $"headers.{name}", $"the stored value was given for {StoredHosts}, and is dropped when the host changes: give it anew", null));
            }
        }

        return headers;
    }

    private Dictionary<string, Uri> PathUrls(List<ConfigurationProblem>? problems = null)
    {
        var paths = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var row in Paths.Where(static r => r.Path.Trim().Length > 0 || r.Url.Trim().Length > 0))
        {
            var url = problems is null ? Parse(row.Url) : UrlOf(row.Url, $"paths.{row.Path.Trim()}", problems);
            if (url is not null && !paths.TryAdd(row.Path.Trim(), url))
            {
                problems?.Add(new ConfigurationProblem($"paths.{row.Path.Trim()}", "is there twice", null));
            }
        }

        return paths;
    }
}
