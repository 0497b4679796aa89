using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Health.Probes;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// Asks an HTTP backend for <c>/models</c>, or what <see cref="ProbeConfig.Path"/> says. Any answer below 500 is one of a server that is
/// alive; redirects are not followed, and its body is not read. Connections are its own: requests that use up the backend's do not make it
/// look dead.
/// </summary>
internal sealed class UpstreamProbe(BackendModel model, Func<IUpstream> connect) : IDisposable
{
    private const string DefaultPath = "/models";

    private readonly IUpstream _upstream = connect();
    private readonly OwnHeaders _headers = new(model);
    private readonly UpstreamAddress _address = new(BackendUrl.For(model.Config, model.Config.Probe.Path ?? DefaultPath));

    /// <summary>One probe.</summary>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Returns with the head; what disposing still reads of the body is bounded.
            using var response = await _upstream.SendAsync(
                new UpstreamRequest(HttpMethods.Get, _address, _headers), cancellationToken);
            return response.Status < 500 ? ProbeResult.Well : ProbeResult.Failed(ProbeFinding.ServerError);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.InvalidResponse)
        {
            return ProbeResult.Failed(ProbeFinding.ServerError);
        }
        catch (Exception exception) when (Failures.IsOfTlsFiles(exception))
        {
            return ProbeResult.Failed(ProbeFinding.Misconfigured);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return ProbeResult.Failed(exception.InnerException is TimeoutException ? ProbeFinding.TimedOut : ProbeFinding.Unreachable);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _upstream.Dispose();
}
