using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>Takes requests that ask for a response in the background: they are answered at once, and worked on later.</summary>
internal sealed class BackgroundResponses(
    BackgroundJobs jobs, ResponseKeeper keeper, ObjectOwners owners, AnswerIds ids, TimeProvider time, IServiceProvider services)
{
    /// <summary>Whether the request asks for it; where a backend has a Responses API of its own, that is asked instead.</summary>
    public static bool Takes(Exchange exchange) =>
        exchange.Operation is { Name: Operations.Responses, Body: BodyKind.Json, ClientDialect: not null, CountsOnly: false } &&
        exchange.Body is JsonBody body && body.Index.Find("background"u8).Type == JsonTokenType.True &&
        BackgroundJob.Of(exchange.Http) is null &&
        (exchange.GoesOnFrom is not null || !ResponseKeeper.IsSpoken(exchange));

    /// <summary>Answers with a response that is queued; or says why there is none. What is wrong with the request is told now.</summary>
    public async ValueTask<ApiError?> AcceptAsync(Exchange exchange)
    {
        if (exchange.Facts.Stream)
        {
            return Unsupported("stream", "a response that is made in the background is not streamed: ask for it by its id");
        }

        // A place comes first: what a request goes on from may be much larger than the request.
        var json = ((JsonBody)exchange.Body!).Json;
        if (!jobs.TryEnter(json.Length))
        {
            return Full();
        }

        KeptResponse? queued;
        TimeSpan lifetime;
        ApiError? error;
        try
        {
            (queued, lifetime, error) = await DescribeAsync(exchange, json);
        }
        finally
        {
            jobs.Leave(json.Length);
        }

        if (queued is null)
        {
            return error;
        }

        var begun = queued.ToJson().Length;
        if (begun > ResponseStore.MostBytes)
        {
            return new ApiError(
                ErrorCause.BodyTooLarge, $"The conversation is larger than {ResponseStore.MostBytes / (1024 * 1024)} MiB.");
        }

        // Both are held until it ends, and each may be much larger than the other.
        var bytes = json.Length + begun;
        return !jobs.TryEnter(bytes)
            ? Full()
            : await BeginAsync(exchange, queued, lifetime, bytes) ?? await KeptAnswer.WriteAsync(exchange, queued.Response);
    }

    /// <summary>The response as it is while it waits; or why there will be none.</summary>
    private async ValueTask<(KeptResponse? Queued, TimeSpan Lifetime, ApiError? Error)> DescribeAsync(
        Exchange exchange, ReadOnlyMemory<byte> json)
    {
        if (DialectRequest.Read(json.Span, out var error) is not { } request)
        {
            return (null, default, error);
        }

        (var kept, error) = await keeper.ExpandAsync(exchange, request);
        if (kept is null)
        {
            return (null, default, error);
        }

        if (kept.Lifetime is not { } lifetime)
        {
            return (null, default, Unsupported("background", "what is not kept ('store': false) cannot be asked for later"));
        }

        if (DialectRequest.ToChat(exchange.Operation.ClientDialect!, BackgroundJob.InForeground(request), out error) is null)
        {
            return (null, default, error);
        }

        var head = new DialectHead(exchange.PublicName, time.GetUtcNow().ToUnixTimeSeconds(), () => ids.New(""), "resp_" + ids.New(""));
        return (keeper.Describe(kept, QueuedResponse.Of(request, head)), lifetime, null);
    }

    private static ApiError Full() => new(
        ErrorCause.ConcurrencyExceeded, "The router makes as many responses in the background as it may. Try again in a moment.");

    private async ValueTask<ApiError?> BeginAsync(Exchange exchange, KeptResponse queued, TimeSpan lifetime, int bytes)
    {
        var id = queued.Response["id"]!.ToString();
        var isBegun = false;
        try
        {
            var owned = new OwnedObject(exchange.Client?.Id, OwnedObject.Router, exchange.PublicName);
            if (!await owners.TryShareAsync(id, owned, exchange.Aborted))
            {
                return ObjectIds.Unknown(id);
            }

            var job = await jobs.PrepareAsync(exchange, queued, lifetime, bytes);
            jobs.Start(job, JobRequest.Of(exchange, ((JsonBody)exchange.Body!).Json.ToArray(), services));
            isBegun = exchange.IsHandedOn = true;
            return null;
        }
        catch (StoreUnavailableException)
        {
            return ObjectIds.Unknown(id);
        }
        finally
        {
            if (!isBegun)
            {
                jobs.Leave(bytes);
            }
        }
    }

    private static ApiError Unsupported(string name, string why) =>
        new(ErrorCause.UnsupportedParameter, $"Unsupported parameter: '{name}': {why}.", name);
}
