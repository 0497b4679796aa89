using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace AiRouter.Api.Routing.Signals;

/// <summary>Reads the metrics page of one Triton server, with a deadline and a largest size. Nothing of ours is sent to it.</summary>
internal sealed class LoadSignalReader : IDisposable
{
    /// <summary>A server with a hundred models has about 300 KiB.</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    private readonly UpstreamConnections _http;
    private readonly Uri _url;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;

    /// <summary>For a backend with a <see cref="BackendConfig.LoadSignal"/>.</summary>
    public LoadSignalReader(BackendConfig backend, IServiceDiscoveryHttpMessageHandlerFactory? discovery, TimeProvider time)
    {
        var signal = backend.LoadSignal!;
        _url = signal.Url;
        _deadline = TimeSpan.FromSeconds(Math.Clamp(signal.Interval, 1, 5));
        _time = time;

        // Its certificates are read with the first page, so that a file that has gone is a page that cannot be read, and no more.
        _http = new UpstreamConnections(() => UpstreamHandler.Create(backend with { Url = signal.Url }, discovery));
    }

    /// <summary>The page, or why there is none.</summary>
    public async Task<(TritonMetrics? Metrics, string? Problem)> ReadAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_deadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _url);
            using var response = await _http.SendAsync(request, both.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? await ReadAsync(await response.Content.ReadAsStreamAsync(both.Token), both.Token)
                : (null, $"status {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {_deadline.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.HttpRequestError.ToString());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return (null, exception.GetType().Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<(TritonMetrics? Metrics, string? Problem)> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        var length = 0;
        try
        {
            while (await body.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length == buffer.Length)
                {
                    if (length >= MaxSize)
                    {
                        return (null, $"more than {MaxSize / 1024 / 1024} MiB");
                    }

                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return (TritonMetrics.Read(buffer.AsSpan(0, length)), null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
