using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace AiRouter.Admin.Management.Playground;

/// <summary>Asks a router what the playground wants to know. One connection pool for all pages.</summary>
internal sealed class PlaygroundRouter(TimeProvider time) : IDisposable
{
    // A model that thinks long, on a router whose queue is long.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    // Straight to the router: a proxy of the environment's would get the token.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 64,
    });

    /// <summary>An answer that has not begun.</summary>
    public ChatAnswer NewAnswer() => new(time);

    /// <summary>Asks, and reads the answer to its end. What goes wrong stands in the answer.</summary>
    /// <param name="pass">Lets it ask.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="answer">Where the answer goes.</param>
    /// <param name="cancellationToken">Stops it; so a client that goes away is what the router sees.</param>
    public async Task AskAsync(PlaygroundPass pass, byte[] body, ChatAnswer answer, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = Request(pass, body);
            using var response = await _http.SendAsync(request, either.Token);
            answer.Begin(HeadOf(response));
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            await (response.Content.Headers.ContentType?.MediaType == "text/event-stream"
                ? AnswerReader.ReadEventsAsync(stream, answer, either.Token)
                : AnswerReader.ReadWholeAsync(stream, (int)response.StatusCode, answer, either.Token));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            answer.Stop();
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            answer.Fail(new AnswerError($"There is no whole answer after {Deadline.TotalMinutes} minutes: it was given up."));
        }
        catch (OperationCanceledException)
        {
            answer.Fail(NoRouter(pass, "it does not answer"));
        }
        catch (HttpRequestException failure) when (answer.Head is null)
        {
            answer.Fail(NoRouter(pass, Why(failure)));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            answer.Fail(new AnswerError("The answer broke off: the connection ended before the answer did."));
        }
        finally
        {
            answer.End();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(PlaygroundPass pass, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(BaseUrl(pass.Router) + "/chat/completions"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", pass.Token);
        request.Headers.UserAgent.ParseAdd("AiRouter-Playground");
        return request;
    }

    /// <summary>An address as clients write it: with the path that their base URLs end with, <c>/v1</c> unless it says otherwise.</summary>
    public static string BaseUrl(Uri address) =>
        address.AbsolutePath.Trim('/').Length == 0 ? address.GetLeftPart(UriPartial.Authority) + "/v1" : address.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static AnswerHead HeadOf(HttpResponseMessage response)
    {
        return new AnswerHead((int)response.StatusCode, Header("x-request-id"))
        {
            Model = Header("x-airouter-model"),
            Backend = Header("x-airouter-backend"),
            Dropped = Header("x-airouter-dropped"),
            ServerTiming = Header("server-timing"),
            RetryAfter = Header("retry-after"),
        };

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
    }

    private static AnswerError NoRouter(PlaygroundPass pass, string why) => new(
        $"Admin does not reach the router at {pass.Router.GetLeftPart(UriPartial.Authority)}: {why}. Is it running? " +
        $"{AdminOptions.ApiUrlVariable} of Admin says where it is.");

    private static string Why(HttpRequestException failure) => failure.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nobody listens there",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "the name is unknown",
        System.Security.Authentication.AuthenticationException => "its certificate is not trusted",
        _ => "the connection fails",
    };
}
