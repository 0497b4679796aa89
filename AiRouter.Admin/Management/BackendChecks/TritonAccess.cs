using AiRouter.Triton;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>Makes clients of Triton servers, for Admin's own questions.</summary>
internal static class TritonAccess
{
    /// <summary>A client; nothing is sent.</summary>
    /// <exception cref="IOException">A file of <c>tls</c> cannot be read here.</exception>
    /// <exception cref="UnauthorizedAccessException">A file of <c>tls</c> may not be read here.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file of <c>tls</c> is not what it should be.</exception>
    public static TritonClient Connect(ReachedBackend backend, CheckedConnector connector, TimeProvider time)
    {
        var config = backend.Config;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (backend.Credentials.ApiKey is { } apiKey)
        {
            headers["authorization"] = $"Bearer {apiKey}";
        }

        foreach (var (name, value) in backend.Credentials.Headers)
        {
            headers[name] = value;
        }

        return new TritonClient(
            new TritonClientOptions
            {
                Address = config.Url,
                Connections = 1,
                ConnectTimeout = CheckSteps.Deadline,
                MetadataTimeout = CheckSteps.Deadline,
                Headers = headers,
                CaFile = config.Tls?.CaFile,
                CertificateFile = config.Tls?.CertificateFile,
                KeyFile = config.Tls?.KeyFile,
                Connect = connector.ConnectAsync,
            },
            time,
            NullLoggerFactory.Instance);
    }
}
