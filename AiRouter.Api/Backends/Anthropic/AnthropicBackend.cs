using AiRouter.Api.Admission;
using AiRouter.Api.Backends.Anthropic.Requests;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Health.Probes;
using AiRouter.Api.Routing;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>
/// A backend that speaks Anthropic's Messages API. It is asked as any HTTP backend is: what is Messages already passes as it is, chat
/// goes over connections that translate (<see cref="MessagesUpstream"/>); here is what must be known before anything is sent.
/// </summary>
/// <param name="model">What it was made from.</param>
/// <param name="http">Asks it.</param>
internal sealed class AnthropicBackend(BackendModel model, OpenAiBackend http) : IBackend
{
    /// <inheritdoc/>
    public BackendModel Model => model;

    /// <inheritdoc/>
    public string? ServerName => http.ServerName;

    /// <inheritdoc/>
    public bool Speaks(Operation operation) => operation.ClientDialect is null || operation.Dialect == StreamDialect.Messages;

    /// <inheritdoc/>
    public async ValueTask<ApiError?> SendAsync(Exchange exchange, TargetModel target, CancellationToken cancellationToken)
    {
        // R22.
        if (exchange.Operation.Name != Operations.Chat || exchange.Model is null)
        {
            return new ApiError(
                ErrorCause.UnsupportedOperation, $"The model '{exchange.PublicName}' is not for {exchange.Operation.Name}.", "model");
        }

        if (exchange.Operation.Dialect != StreamDialect.Messages && Check(exchange, target) is { } refused)
        {
            return refused;
        }

        var limit = exchange.TokenLimit;
        exchange.TokenLimit ??= DefaultLimit(exchange);
        var error = await http.SendAsync(exchange, target, cancellationToken);
        if (error is not null)
        {
            Withdraw(exchange, limit);
        }

        return error;
    }

    /// <inheritdoc/>
    public ValueTask<ProbeResult> ProbeAsync(IReadOnlyCollection<string> models, CancellationToken cancellationToken) =>
        http.ProbeAsync(models, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => http.DisposeAsync();

    /// <summary>What the API cannot do is refused before anything is sent, or named to the client (R11).</summary>
    private static ApiError? Check(Exchange exchange, TargetModel target)
    {
        var translation = new Translation(exchange, target, serving: null);
        using var members = RequestMembers.Read(translation, out var error);
        if (members is null)
        {
            return error;
        }

        try
        {
            var reader = new MemberReader(members.ByName);
            MessagesRequest.From(reader, translation.Unsupported);
            if (reader.Error is null)
            {
                translation.Unsupported.WriteTo(exchange.Http.Response);
            }

            return reader.Error;
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            return new ApiError(ErrorCause.InvalidRequest, "We could not parse the JSON body of your request: it has a text that is none.")
            {
                Detail = exception.Message,
            };
        }
    }

    /// <summary>The API wants a limit in each request (R9).</summary>
    private static int DefaultLimit(Exchange exchange)
    {
        var config = exchange.Model!.Model.Config;
        var standard = exchange.State.Server.DefaultMaxTokens;
        return ContextLimits.Default(config, RequestEdits.LongestInput(exchange)) ?? Math.Min(standard, config.MaxTokens.Max ?? standard);
    }

    /// <summary>Another target may need no limit, and do what this one cannot. What was reserved stands.</summary>
    private static void Withdraw(Exchange exchange, int? limit)
    {
        if (RequestAdmission.LimitsOf(exchange) is null)
        {
            exchange.TokenLimit = limit;
        }

        if (!exchange.Http.Response.HasStarted)
        {
            exchange.Http.Response.Headers.Remove(UnsupportedList.Header);
        }
    }
}
