using System.Globalization;
using System.Net;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Options;

/// <summary>Reads <see cref="LaunchOptions"/> from arguments of the form <c>--name value</c> or <c>--name=value</c>.</summary>
internal static class CommandLine
{
    /// <summary>The options, for a message about one that does not exist.</summary>
    public const string Known = "--config, --seed, --triton, --models, --triton-tag, --redis, --data, --port, --admin-port, "
        + "--redis-port, --triton-port, --listen";

    /// <summary>The options, or one sentence about the first thing wrong.</summary>
    public static (LaunchOptions? Options, string? Error) Parse(IReadOnlyList<string> args)
    {
        var options = new LaunchOptions();
        var others = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            if (!IsOurs(name))
            {
                others.Add(args[i]);
                continue;
            }

            var value = equals >= 0 ? args[i][(equals + 1)..] : i + 1 < args.Count ? args[++i] : string.Empty;
            if (value.Length == 0)
            {
                return (null, $"{name} needs a value");
            }

            if (With(options, name, value) is not { } changed)
            {
                return (null, $"{name}: '{value}' is not {Expected(name)}");
            }

            options = changed;
        }

        return options switch
        {
            { ConfigFile: not null, SeedFile: not null } =>
                (null, "--config and --seed exclude each other: a file rules, or the store only begins with it"),
            { SeedFile: { } file } when !File.Exists(file) => (null, $"--seed: there is no file '{file}'"),
            { ConfigFile: { } file } when !File.Exists(file) => (null, $"--config: there is no file '{file}'"),
            { Models: { } folder } when !Directory.Exists(folder) => (null, $"--models: there is no folder '{folder}'"),
            _ => (options with { Others = others }, null),
        };
    }

    private static bool IsOurs(string name) => name
        is "--config" or "--seed" or "--triton" or "--models" or "--triton-tag" or "--redis" or "--data" or "--port"
            or "--admin-port" or "--redis-port" or "--triton-port" or "--listen";

    private static LaunchOptions? With(LaunchOptions options, string name, string value) => name switch
    {
        "--config" => options with { ConfigFile = Path.GetFullPath(value) },
        "--seed" => options with { SeedFile = Path.GetFullPath(value) },
        "--models" => options with { Models = Path.GetFullPath(value) },
        "--triton-tag" => options with { TritonTag = value },
        "--data" => options with { DataFolder = Path.GetFullPath(value) },
        "--redis" => value switch
        {
            "embedded" => options with { RedisBacking = RedisBacking.Embedded, Redis = null },
            "container" => options with { RedisBacking = RedisBacking.Container, Redis = null },
            _ => options with { RedisBacking = RedisBacking.External, Redis = value },
        },
        "--triton" => value switch
        {
            "simulator" => options with { TritonBacking = TritonBacking.Simulator, Triton = null },
            "container" => options with { TritonBacking = TritonBacking.Container, Triton = null },
            _ => AsUri(value) is { } uri ? options with { TritonBacking = TritonBacking.External, Triton = uri } : null,
        },
        "--port" => AsPort(value) is { } port ? options with { Port = port } : null,
        "--admin-port" => AsPort(value) is { } port ? options with { AdminPort = port } : null,
        "--redis-port" => AsPort(value) is { } port ? options with { RedisPort = port } : null,
        "--triton-port" => AsPort(value) is { } port ? options with { TritonPort = port } : null,
        _ => AsAddress(value) is { } address ? options with { Listen = address } : null,
    };

    private static string Expected(string name) => name switch
    {
        "--triton" => "simulator, container or the address of a Triton (such as http://gpu-1:8001)",
        "--listen" => "an IP address of this machine (such as 0.0.0.0)",
        _ => "a port (1 to 65535)",
    };

    // The scheme may be left out, as Triton's own tools do.
    private static Uri? AsUri(string value)
    {
        var text = value.Contains("://", StringComparison.Ordinal) ? value : $"http://{value}";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? uri
            : null;
    }

    private static int? AsPort(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : null;

    private static IPAddress? AsAddress(string value) =>
        value.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(value, out var address) ? address
        : null;
}
