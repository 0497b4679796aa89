using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>
/// The last steps of a check of a backend that is asked over HTTP: it is asked for its models. Redirects are not followed, and nothing of what
/// it answers is shown but the names of models.
/// </summary>
internal sealed class OpenAiCheck(CheckSteps steps)
{
    private const string ModelsPath = "/models";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Its models.</summary>
    public UpstreamModels? Models { get; private set; }

    /// <summary>The URL under which it has models, where that is another one.</summary>
    public string? SuggestedUrl { get; private set; }

    /// <summary>What the server calls itself.</summary>
    public string? Server { get; private set; }

    /// <summary>Milliseconds until the answer began.</summary>
    public double? Latency { get; private set; }

    /// <summary>Runs them.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var invoker = new HttpMessageInvoker(Handler());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            await AskAsync(invoker, deadline.Token);
        }
        catch (AddressRefusedException refused)
        {
            steps.Fail(CheckStepKind.Answer, refused.Message);
        }
        catch (HttpRequestException failure) when (failure.InnerException is AddressRefusedException refused)
        {
            steps.Fail(CheckStepKind.Answer, refused.Message, "Look at paths: it leads there.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            steps.Fail(CheckStepKind.Answer, "It does not answer as an HTTP server does.", NoHttpMend());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            steps.Fail(CheckStepKind.Answer, $"It did not answer within {Deadline.TotalSeconds:0} s.", NoHttpMend());
        }
    }

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = CheckSteps.Deadline,
            MaxResponseHeadersLength = 64,
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, cancellationToken) => steps.Connector.ConnectAsync(context.DnsEndPoint, cancellationToken),
        };
        TlsFiles.Apply(steps.Config.Tls, handler.SslOptions);
        return handler;
    }

    private async Task AskAsync(HttpMessageInvoker invoker, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await GetAsync(invoker, BackendUrl.For(steps.Config, ModelsPath), cancellationToken);
        Latency = CheckSteps.Since(started);
        Server = Shown(response.Headers.Server.ToString());
        if (!response.IsSuccessStatusCode)
        {
            await ExplainAsync(invoker, response, cancellationToken);
            return;
        }

        if (await UpstreamModelList.ReadAsync(response.Content, cancellationToken) is { } models)
        {
            Models = models;
            steps.Pass(CheckStepKind.Answer, $"It answers over HTTP/{response.Version}.", Latency);
            var count = models.IsCut ? $"more than {models.Items.Count}" : $"{models.Items.Count}";
            steps.Pass(CheckStepKind.Models, models.Items is [_] ? "It lists 1 model." : $"It lists {count} models.");
        }
        else if (!await SuggestAsync(invoker, cancellationToken))
        {
            steps.Warn(
                CheckStepKind.Answer,
                $"It answers {(int)response.StatusCode}, but with no list of models.",
                "Does the URL stand for /v1 of the server?");
        }
    }

    private async Task ExplainAsync(HttpMessageInvoker invoker, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        switch (status)
        {
            case >= 300 and < 400:
                var to = response.Headers.Location is { IsAbsoluteUri: true } location ? location.GetLeftPart(UriPartial.Path) : null;
                steps.Fail(
                    CheckStepKind.Answer,
                    to is null ? $"It sends elsewhere ({status})." : $"It sends elsewhere ({status}), to {Shown(to)}.",
                    "Redirects are not followed, here or by routers: put the address that it leads to.");
                break;
            case 401 or 403 when steps.Backend.Credentials.HasCredential:
                steps.Fail(CheckStepKind.Answer, $"It refuses the credential ({status}).", "Give the credential that it accepts.");
                break;
            case 401 or 403 when steps.Backend.Credentials.Unknown.Count > 0:
                steps.Warn(CheckStepKind.Answer, $"It wants a credential ({status}), and Admin could send none: routers have it.");
                break;
            case 401 or 403:
                steps.Fail(CheckStepKind.Answer, $"It wants a credential ({status}).", "Give it an API key.");
                break;
            case 404 or 405 when await SuggestAsync(invoker, cancellationToken):
                break;
            case 404 or 405:
                steps.Warn(
                    CheckStepKind.Answer,
                    $"There is nothing at {BackendUrl.For(steps.Config, ModelsPath).AbsolutePath} ({status}).",
                    "Some servers list no models. If this one does, the URL is not what stands for /v1.");
                break;
            case 429:
                steps.Warn(CheckStepKind.Answer, "It is there, and has too much to do just now (429).");
                break;
            case >= 500:
                steps.Fail(CheckStepKind.Answer, $"It is there, but fails ({status}).", "Look into its log.");
                break;
            default:
                steps.Warn(CheckStepKind.Answer, $"It answers {status} to a question for its models.", NoHttpMend());
                break;
        }
    }

    // The most frequent mistake: a URL without the /v1 that it stands for.
    private async Task<bool> SuggestAsync(HttpMessageInvoker invoker, CancellationToken cancellationToken)
    {
        if (steps.Config.Url.AbsolutePath.Contains("/v1", StringComparison.Ordinal))
        {
            return false;
        }

        var better = new Uri(steps.Config.Url.AbsoluteUri.TrimEnd('/') + "/v1");
        using var response = await GetAsync(invoker, new Uri(better.AbsoluteUri + ModelsPath), cancellationToken);
        if (!response.IsSuccessStatusCode || await UpstreamModelList.ReadAsync(response.Content, cancellationToken) is null)
        {
            return false;
        }

        SuggestedUrl = better.AbsoluteUri;
        steps.Fail(CheckStepKind.Answer, $"There are no models at {steps.Config.Url}, but at {better}.", $"Set the URL to {better}.");
        return true;
    }

    private Task<HttpResponseMessage> GetAsync(HttpMessageInvoker invoker, Uri url, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AiRouter", null));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var isAnthropic = steps.Config.Kind == BackendKind.Anthropic;
        if (isAnthropic)
        {
            request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        }

        if (steps.Backend.Credentials.ApiKey is { } apiKey)
        {
            request.Headers.TryAddWithoutValidation(isAnthropic ? "x-api-key" : "Authorization", isAnthropic ? apiKey : "Bearer " + apiKey);
        }

        foreach (var (name, value) in steps.Backend.Credentials.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return invoker.SendAsync(request, cancellationToken);
    }

    private string? NoHttpMend() => steps.Config.Url.Port switch
    {
        8001 => "Port 8001 is usually Triton's gRPC: choose the kind triton.",
        _ when steps.Config.Url.Scheme == "http" => "Does the server want TLS? Then the URL begins with https://. Triton's gRPC is of kind triton.",
        _ => null,
    };

    private static string? Shown(string text)
    {
        const int most = 100;
        var clean = string.Concat(text.Where(static c => c is >= ' ' and <= '~'));
        return clean.Length == 0 ? null : clean[..Math.Min(most, clean.Length)];
    }
}
