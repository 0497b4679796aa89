using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Load;

/// <summary>Sends requests to the router, and judges what comes back.</summary>
internal sealed class LoadClient : IDisposable
{
    /// <summary>Nothing takes longer: the deadlines of the runs' configurations are shorter.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    /// <summary>A client of the router at this port.</summary>
    public LoadClient(int port)
    {
        Root = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = Root,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Where the router is.</summary>
    public Uri Root { get; }

    /// <summary>A page of the router's, as text.</summary>
    public Task<string> GetTextAsync(string path, CancellationToken cancellationToken) => _http.GetStringAsync(path, cancellationToken);

    /// <summary>Waits until the router serves its configuration.</summary>
    /// <exception cref="InvalidOperationException">It does not within a minute, or has ended.</exception>
    public async Task WaitUntilReadyAsync(ServerProcess router, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (!router.IsRunning || Stopwatch.GetElapsedTime(started) > Deadline)
            {
                throw new InvalidOperationException($"The router does not become ready:\n{router.LastLines}");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Sends one and says what became of it; never throws.</summary>
    public async Task<LoadResult> SendAsync(LoadRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        using var end = new CancellationTokenSource(
            request.Manner == ClientManner.Leaving ? TimeSpan.FromMilliseconds(request.LeavesAfter) : Deadline);
        LoadResult result;
        try
        {
            result = await SendAsync(request, started, end.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            result = end.IsCancellationRequested && request.Manner == ClientManner.Leaving
                ? new LoadResult { Outcome = LoadOutcome.Left }
                : new LoadResult { Outcome = LoadOutcome.Wrong, Reason = "no answer: " + Describe(exception) };
        }

        return result with { Duration = Stopwatch.GetElapsedTime(started) };
    }

    /// <summary>Sends one that is not going to be answered, and leaves when told to.</summary>
    public async Task HoldAsync(LoadRequest request, CancellationToken leaving)
    {
        try
        {
            await SendAsync(request, Stopwatch.GetTimestamp(), leaving);
        }
        catch (OperationCanceledException)
        {
            // As meant.
        }
    }

    /// <summary>The innermost cause, in short.</summary>
    public static string Describe(Exception exception)
    {
        var cause = exception.GetBaseException();
        return $"{cause.GetType().Name}: {cause.Message}";
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync("/health/ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<LoadResult> SendAsync(LoadRequest request, long started, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Path) { Content = new ByteArrayContent(request.Body()) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.TryAddWithoutValidation("x-request-id", request.Id);
        if (request.Key is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + request.Key);
        }

        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var backend = Header(response, "x-airouter-backend");
        var attempts = int.TryParse(Header(response, "x-airouter-attempts"), CultureInfo.InvariantCulture, out var number) ? number : 0;
        var judged = response.IsSuccessStatusCode && request.IsStream
            ? await ReadStreamAsync(request, response, started, cancellationToken)
            : await ReadWholeAsync(request, response, started, cancellationToken);
        return judged with { Status = (int)response.StatusCode, Backend = backend, Attempts = attempts };
    }

    private static async Task<LoadResult> ReadWholeAsync(
        LoadRequest request, HttpResponseMessage response, long started, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? AnswerCheck.Whole(request, body) with { FirstByte = Stopwatch.GetElapsedTime(started) }
            : ErrorCheck.Response(request, response, body);
    }

    private static async Task<LoadResult> ReadStreamAsync(
        LoadRequest request, HttpResponseMessage response, long started, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return new LoadResult { Outcome = LoadOutcome.Wrong, Reason = "a stream with another content type" };
        }

        var check = new StreamCheck(request);
        var isClean = false;
        TimeSpan? first = null;
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                check.Line(line);
                first ??= check.Pieces > 0 ? Stopwatch.GetElapsedTime(started) : null;
                if (request.Manner == ClientManner.Slow && line.Length == 0)
                {
                    await Task.Delay(15, cancellationToken);
                }
            }

            isClean = true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // How a broken stream ends; the check says whether it may.
        }
        catch (OperationCanceledException) when (request.Manner == ClientManner.Leaving)
        {
            return check.Left() with { FirstByte = first };
        }

        return check.End(isClean) with { FirstByte = first };
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
