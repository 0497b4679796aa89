using System.Text.Json;
using AiRouter.Api.Backends.Anthropic.Requests;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>
/// Connections on which chat is spoken to a server that speaks Anthropic's Messages: each request and each answer is translated. What is
/// the Messages API's own passes as it is, but for the version of the API, and so do errors, whose shape is near enough to be read like
/// any other.
/// </summary>
/// <param name="inner">The connections to the server.</param>
/// <param name="backend">Where it is.</param>
/// <param name="headers">The version of the API.</param>
/// <param name="memory">What whole answers are held in.</param>
/// <param name="timeProvider">The clock: messages do not say when they were made.</param>
internal sealed class MessagesUpstream(
    IUpstream inner, BackendConfig backend, AnthropicHeaders headers, AnswerMemory memory, TimeProvider timeProvider) : IUpstream
{
    /// <summary>Where messages are made.</summary>
    public const string Path = "/messages";

    /// <summary>Where the tokens of a request are counted.</summary>
    public const string CountPath = "/messages/count_tokens";

    private const string ApiKey = "x-api-key";
    private const string Bearer = "Bearer ";

    private readonly UpstreamAddress _address = new(BackendUrl.For(backend, Path));
    private readonly string[] _passed = [BackendUrl.For(backend, Path).AbsolutePath, BackendUrl.For(backend, CountPath).AbsolutePath];

    /// <inheritdoc/>
    public async ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        if (request.Content is not { } content || _passed.Contains(request.Address.Url.AbsolutePath))
        {
            return await inner.SendAsync(Pass(request), cancellationToken);
        }

        if (Translate(await ReadAsync(content, cancellationToken), out var error) is not { } body)
        {
            return new RefusedResponse(error!);
        }

        var response = await inner.SendAsync(Rewrite(request, body), cancellationToken);
        if (!response.IsSuccess)
        {
            return response;
        }

        try
        {
            return new MessagesResponse(response, timeProvider.GetUtcNow().ToUnixTimeSeconds(), memory);
        }
        catch (InvalidDataException)
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ForwardedContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[content.Length];
        if (content.TryCopyTo(bytes))
        {
            return bytes;
        }

        using var stream = new MemoryStream(bytes);
        await content.WriteToAsync(stream, cancellationToken);
        return bytes;
    }

    /// <summary>What cannot be translated was found before, and named to the client: here it is left out.</summary>
    private static byte[]? Translate(ReadOnlyMemory<byte> chat, out ApiError? error)
    {
        try
        {
            using var document = JsonDocument.Parse(chat);
            var reader = JsonElements.MembersOf(document.RootElement);
            var messages = MessagesRequest.From(reader, new UnsupportedList(UnsupportedParameters.Drop, ""));
            error = reader.Error;
            return error is null ? JsonBytes.RelaxedOf(messages) : null;
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            error = new ApiError(ErrorCause.InvalidRequest, "We could not parse the JSON body of your request.")
            {
                Detail = exception.Message,
            };
            return null;
        }
    }

    private UpstreamRequest Pass(UpstreamRequest request)
    {
        var passed = new UpstreamRequest(request.Method, request.Address, request.Own) { Content = request.Content };
        foreach (var (name, value) in request.Headers)
        {
            if (!AnthropicHeaders.IsOurs(name))
            {
                passed.Add(name, value);
            }
        }

        headers.Add(passed, request.Headers);
        return passed;
    }

    /// <summary>The client's own credential goes where the server looks for it; what only OpenAI's servers read stays here.</summary>
    private UpstreamRequest Rewrite(UpstreamRequest request, byte[] body)
    {
        var rewritten = new UpstreamRequest(request.Method, _address, request.Own) { Content = new MessagesContent(body) };
        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value.StartsWith(Bearer, StringComparison.Ordinal))
            {
                rewritten.Add(ApiKey, value[Bearer.Length..]);
            }
            else if (name.Equals("api-key", StringComparison.OrdinalIgnoreCase))
            {
                rewritten.Add(ApiKey, value);
            }
            else if (!name.StartsWith("OpenAI-", StringComparison.OrdinalIgnoreCase) && !AnthropicHeaders.IsOurs(name))
            {
                rewritten.Add(name, value);
            }
        }

        headers.Add(rewritten, request.Headers);
        return rewritten;
    }
}
