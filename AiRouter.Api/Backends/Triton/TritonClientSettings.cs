using AiRouter.Core.Configuration;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton;

/// <summary>Turns a configured backend into the options of its client.</summary>
internal static class TritonClientSettings
{
    /// <summary>The options of <paramref name="model"/>.</summary>
    /// <param name="model">The backend, with its secrets.</param>
    /// <param name="connect">Opens connections, for hosts that are service names.</param>
    public static TritonClientOptions Of(BackendModel model, ServiceConnector? connect)
    {
        var config = model.Config;
        return new TritonClientOptions
        {
            Address = config.Url,
            Connections = config.Connections,
            MaxMessageBytes = (int)Math.Min(int.MaxValue, config.MaxMessageMiB * 1024L * 1024L),
            ConnectTimeout = TimeSpan.FromSeconds(config.Timeouts.Connect),
            FirstResponseTimeout = TimeSpan.FromSeconds(config.Timeouts.FirstByte),
            IdleTimeout = TimeSpan.FromSeconds(config.Timeouts.Idle),
            TotalTimeout = TimeSpan.FromSeconds(config.Timeouts.Total),
            Headers = HeadersOf(model),
            CaFile = config.Tls?.CaFile,
            CertificateFile = config.Tls?.CertificateFile,
            KeyFile = config.Tls?.KeyFile,
            Connect = connect is null ? null : connect.ConnectAsync,
        };
    }

    /// <summary>The backend's own credential goes as a bearer token; a client's never goes to Triton (R2).</summary>
    private static Dictionary<string, string> HeadersOf(BackendModel model)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (model.Credential is { Kind: CredentialKind.Own, Secret: { } secret })
        {
            headers["authorization"] = $"Bearer {secret}";
        }

        foreach (var (name, value) in model.Headers)
        {
            headers[name] = value;
        }

        return headers;
    }
}
