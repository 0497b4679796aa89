using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace AiRouter.AppHost.Health;

/// <summary>Asks resources whether they are ready.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(3);

    // An empty ServerReadyRequest behind the five bytes that gRPC puts before a message.
    private static readonly byte[] _emptyMessage = [0, 0, 0, 0, 0];

    // ServerReadyResponse { ready: true }, likewise.
    private static readonly byte[] _ready = [0, 0, 0, 0, 2, 0x08, 0x01];

    /// <summary>Whether the path answers 200.</summary>
    public static Task<bool> IsOkAsync(HttpClient client, Uri endpoint, string path, CancellationToken cancellationToken) =>
        AskAsync(
            async deadline =>
            {
                using var response = await client.GetAsync(new Uri(endpoint, path), deadline);
                return response.StatusCode == HttpStatusCode.OK;
            },
            cancellationToken);

    /// <summary>Whether a Triton says that it is ready (ServerReady). Written out, because a gRPC library for one call with an empty
    /// request would be the AppHost's only dependency.</summary>
    public static Task<bool> IsTritonReadyAsync(HttpClient client, Uri triton, CancellationToken cancellationToken) => AskAsync(
        async deadline =>
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, new Uri(triton, "/inference.GRPCInferenceService/ServerReady"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(_emptyMessage),
            };
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            using var response = await client.SendAsync(request, deadline);
            var message = await response.Content.ReadAsByteArrayAsync(deadline);
            return message.AsSpan().SequenceEqual(_ready);
        },
        cancellationToken);

    /// <summary>Whether a store answers: that it wants a password is an answer too.</summary>
    public static Task<bool> IsStoreReadyAsync(Uri store, CancellationToken cancellationToken) =>
        AskAsync(
            async deadline =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync(store.DnsSafeHost, store.Port, deadline);
                await client.GetStream().WriteAsync("*1\r\n$4\r\nPING\r\n"u8.ToArray(), deadline);
                var answer = new byte[8];
                return await client.GetStream().ReadAsync(answer, deadline) > 0 && (char)answer[0] is '+' or '-';
            },
            cancellationToken);

    private static async Task<bool> AskAsync(Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_deadline);
        try
        {
            return await ask(deadline.Token);
        }
        catch (Exception away) when (away is HttpRequestException or IOException or SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
