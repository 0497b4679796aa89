using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace AiRouter.ServiceDefaults;

/// <summary>What the command <c>health</c> of our processes does: it asks the process that runs beside it whether it is well. Container
/// runtimes run such a command (<c>HEALTHCHECK</c>), and images without a shell have no other program that could ask.</summary>
public static class HealthQuestion
{
    /// <summary>The command's name.</summary>
    public const string Command = "health";

    // Container runtimes have a limit of their own; the sentence should come before it.
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(3);

    /// <summary>Asks; the result is an exit code: 0 when the process is well, else 1 and one sentence.</summary>
    /// <param name="address">Where the process listens, as its own setting says it; several are parted by semicolons.</param>
    /// <param name="path">What to ask for.</param>
    /// <param name="version">HTTP/1.1, or HTTP/2 without TLS (gRPC).</param>
    /// <param name="error">Gets the sentence.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<int> AskAsync(
        string address, string path, Version version, TextWriter error, CancellationToken cancellationToken)
    {
        if (Reachable(address) is not { } origin)
        {
            await error.WriteLineAsync($"health: \"{address}\" has no http address that could be asked");
            return 1;
        }

        var url = new Uri(origin, path);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = _deadline };
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);

            // With server.protectTelemetry the process tells those with a key only; but it answers.
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Unauthorized)
            {
                return 0;
            }

            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"health: {url} answers {(int)response.StatusCode} {body}"));
        }
        catch (HttpRequestException away)
        {
            await error.WriteLineAsync($"health: {url} does not answer: {away.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"health: {url} has not answered within {_deadline.TotalSeconds} s"));
        }

        return 1;
    }

    /// <summary>Where this machine reaches who listens there; null: nowhere without TLS.</summary>
    internal static Uri? Reachable(string addresses)
    {
        foreach (var one in addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (one.StartsWith("http://", StringComparison.OrdinalIgnoreCase) &&
                TryParse(one) is { } address && address is { IsUnixPipe: false, IsNamedPipe: false })
            {
                // One can listen on every address, but not connect to that.
                var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
                return Uri.TryCreate(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{address.Port}"), UriKind.Absolute, out var url)
                    ? url
                    : null;
            }
        }

        return null;
    }

    private static BindingAddress? TryParse(string address)
    {
        try
        {
            return BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
