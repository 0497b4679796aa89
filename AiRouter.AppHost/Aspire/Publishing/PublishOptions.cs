using System.Globalization;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using Microsoft.Extensions.Configuration;

namespace AiRouter.AppHost.Aspire.Publishing;

/// <summary>What is published, and how: <c>--Publish:NAME=VALUE</c> and the options of run mode.</summary>
internal sealed record PublishOptions
{
    private const string Section = "Publish";

    private static readonly string[] _names =
    [
        nameof(Target), nameof(Host), nameof(IngressClass), nameof(TlsSecret), nameof(ExistingSecret), nameof(Registry),
        nameof(StorageClass), nameof(ModelsClaim), nameof(ModelsSize), nameof(Gpus), nameof(ServiceMonitor), nameof(Dashboard),
        nameof(Otlp), nameof(MinReplicas), nameof(MaxReplicas), nameof(Workload),
    ];

    /// <summary>What for.</summary>
    public required PublishTarget Target { get; init; }

    /// <summary>What answers as <c>triton</c>: NVIDIA's container unless somebody wants another.</summary>
    public TritonBacking Triton { get; init; } = TritonBacking.Container;

    /// <summary>The address of a Triton that runs already.</summary>
    public Uri? TritonAddress { get; init; }

    /// <summary>The tag of NVIDIA's image.</summary>
    public string TritonTag { get; init; } = Wiring.Images.TritonTag;

    /// <summary>Whether a Redis is published too; else its connection string is one of the secrets. Never in Azure Container Apps, whose
    /// volumes are network shares: the store writes its file every second.</summary>
    public bool HasRedis { get; init; } = true;

    /// <summary>The configuration that the router gets, which then rules; null: the sample, which only begins.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The host name that clients use; null: any.</summary>
    public string? Host { get; init; }

    /// <summary>Kubernetes: which ingress controller.</summary>
    public string IngressClass { get; init; } = "nginx";

    /// <summary>Kubernetes: the Secret with the certificate of <see cref="Host"/>.</summary>
    public string? TlsSecret { get; init; }

    /// <summary>Kubernetes: a Secret that exists already, with the keys of <see cref="Wiring.Variables"/>; null: the chart makes one.</summary>
    public string? ExistingSecret { get; init; }

    /// <summary>What stands before the names of our images, such as <c>ghcr.io/me</c>; null: nothing.</summary>
    public string? Registry { get; init; }

    /// <summary>Kubernetes: of which class claims are; null: the cluster's default.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Kubernetes: a claim with Triton's models that exists already; null: the chart makes one.</summary>
    public string? ModelsClaim { get; init; }

    /// <summary>Kubernetes: how much the claim that the chart makes asks for.</summary>
    public string ModelsSize { get; init; } = "200Gi";

    /// <summary>How many GPUs Triton gets; 0: it runs on the CPU.</summary>
    public int Gpus { get; init; } = 1;

    /// <summary>Kubernetes: whether there is a ServiceMonitor (the Prometheus operator's).</summary>
    public bool ServiceMonitor { get; init; }

    /// <summary>Whether Aspire's dashboard is published too. It has no authentication.</summary>
    public bool Dashboard { get; init; }

    /// <summary>The collector of telemetry; null: none, or the dashboard.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>The fewest routers.</summary>
    public int MinReplicas { get; init; } = 2;

    /// <summary>The most routers.</summary>
    public int MaxReplicas { get; init; } = 10;

    /// <summary>Azure Container Apps: the kind of machine with a GPU.</summary>
    public string Workload { get; init; } = "Consumption-GPU-NC8as-T4";

    /// <summary>An image of ours, with registry and tag.</summary>
    public string ImageOf(string name) => $"{(Registry is null ? string.Empty : $"{Registry.TrimEnd('/')}/")}{name}:{PublishedVersion.Text}";

    /// <summary>The options, or one sentence about the first thing wrong.</summary>
    public static (PublishOptions? Options, string? Error) From(IConfiguration configuration, LaunchOptions launch)
    {
        var section = configuration.GetSection(Section);
        foreach (var key in section.GetChildren().Select(static child => child.Key))
        {
            if (!_names.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                return (null, $"--{Section}:{key}: there is no such option (there are: {string.Join(", ", _names)})");
            }
        }

        if (!Enum.TryParse<PublishTarget>(section[nameof(Target)], ignoreCase: true, out var target) || !Enum.IsDefined(target))
        {
            return (null, $"--{Section}:{nameof(Target)}: '{section[nameof(Target)]}' is not kubernetes, aca or compose");
        }

        if (launch.RedisBacking == RedisBacking.Embedded)
        {
            return (null, "--redis embedded is the store of one machine; published forms have a Redis of their own, or yours");
        }

        var reader = new OptionReader(section);
        var options = new PublishOptions
        {
            Target = target,
            Triton = launch.TritonBacking ?? TritonBacking.Container,
            TritonAddress = launch.Triton,
            TritonTag = launch.TritonTag ?? Wiring.Images.TritonTag,
            HasRedis = launch.RedisBacking != RedisBacking.External && target != PublishTarget.Aca,
            ConfigFile = launch.ConfigFile,
            Host = reader.Text(nameof(Host)),
            IngressClass = reader.Text(nameof(IngressClass)) ?? "nginx",
            TlsSecret = reader.Text(nameof(TlsSecret)),
            ExistingSecret = reader.Text(nameof(ExistingSecret)),
            Registry = reader.Text(nameof(Registry)),
            StorageClass = reader.Text(nameof(StorageClass)),
            ModelsClaim = reader.Text(nameof(ModelsClaim)),
            ModelsSize = reader.Text(nameof(ModelsSize)) ?? "200Gi",
            Gpus = reader.Number(nameof(Gpus), 1, least: 0),
            ServiceMonitor = reader.Flag(nameof(ServiceMonitor)),
            Dashboard = reader.Flag(nameof(Dashboard)),
            Otlp = reader.Address(nameof(Otlp)),
            MinReplicas = reader.Number(nameof(MinReplicas), 2, least: 1),
            MaxReplicas = reader.Number(nameof(MaxReplicas), 10, least: 1),
            Workload = reader.Text(nameof(Workload)) ?? "Consumption-GPU-NC8as-T4",
        };
        var error = reader.Error ?? Contradiction(options);
        return error is null ? (options, null) : (null, error);
    }

    private static string? Contradiction(PublishOptions options) => options switch
    {
        _ when options.MaxReplicas < options.MinReplicas => string.Create(
            CultureInfo.InvariantCulture,
            $"--{Section}:{nameof(MaxReplicas)}: {options.MaxReplicas} is less than {nameof(MinReplicas)}, {options.MinReplicas}"),
        { TlsSecret: not null, Host: null } => $"--{Section}:{nameof(TlsSecret)}: a certificate needs a --{Section}:{nameof(Host)}",
        _ => null,
    };

    /// <summary>Reads values and keeps the first thing wrong.</summary>
    private sealed class OptionReader(IConfiguration section)
    {
        public string? Error { get; private set; }

        public string? Text(string name) => string.IsNullOrWhiteSpace(section[name]) ? null : section[name];

        public int Number(string name, int otherwise, int least)
        {
            if (Text(name) is not { } text)
            {
                return otherwise;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least)
            {
                return number;
            }

            Refuse(name, text, string.Create(CultureInfo.InvariantCulture, $"a number from {least} on"));
            return otherwise;
        }

        public bool Flag(string name)
        {
            if (Text(name) is not { } text)
            {
                return false;
            }

            if (bool.TryParse(text, out var flag))
            {
                return flag;
            }

            Refuse(name, text, "true or false");
            return false;
        }

        public Uri? Address(string name)
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                return uri;
            }

            Refuse(name, text, "an address (such as http://collector:4317)");
            return null;
        }

        private void Refuse(string name, string text, string expected) =>
            Error ??= $"--{Section}:{name}: '{text}' is not {expected}";
    }
}
