using System.Net.Mime;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Realtime;
using AiRouter.Api.Scheduling;
using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;

namespace AiRouter.Api.Requests;

/// <summary>Reads a request's body whole, under its limits, and finds in it what routing needs.</summary>
internal sealed class BodyReader(BodyBudget budget, UploadReader uploads)
{
    private const long MiB = 1024 * 1024;

    /// <summary>Sets <see cref="Exchange.Body"/> and <see cref="Exchange.Facts"/>, or says why not.</summary>
    public async ValueTask<ApiError?> ReadAsync(Exchange exchange)
    {
        try
        {
            var isMultipart = UploadReader.IsMultipart(exchange.Http.Request);
            return exchange.Operation.Body switch
            {
                BodyKind.None => null,
                BodyKind.Socket => SocketRequest.Read(exchange),
                BodyKind.Turn => exchange.Turn!.ReadInto(exchange),
                BodyKind.Any => await uploads.ReadAsync(exchange),
                BodyKind.JsonOrMultipart when isMultipart => await uploads.ReadAsync(exchange),
                BodyKind.Multipart when isMultipart => await uploads.ReadAsync(exchange),
                BodyKind.Multipart => new ApiError(
                    ErrorCause.UnsupportedMediaType, "Send the request body as a form, with 'Content-Type: multipart/form-data'."),
                _ => await ReadJsonAsync(exchange),
            };
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => new ApiError(ErrorCause.BodyTooLarge, "The request body is too large."),
                StatusCodes.Status408RequestTimeout => new ApiError(ErrorCause.RequestTimeout, "The request body came too slowly."),
                _ => new ApiError(ErrorCause.InvalidRequest, "The request body could not be read."),
            };
        }
        catch (IOException exception) when (exception is not ConnectionResetException && !exchange.Aborted.IsCancellationRequested)
        {
            // Kestrel's word for chunks whose size is no number.
            return new ApiError(ErrorCause.InvalidRequest, "The request body could not be read.");
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return new ApiError(ErrorCause.ClientGone, "The client closed the connection before its body was read.");
        }
    }

    private async ValueTask<ApiError?> ReadJsonAsync(Exchange exchange)
    {
        var request = exchange.Http.Request;
        if (RefuseContentType(request) is { } refused)
        {
            return refused;
        }

        var server = exchange.State.Server;
        var bytes = new PooledBytes(budget);
        var index = (JsonIndex?)null;
        try
        {
            var error = await bytes.ReadAsync(
                request.BodyReader, request.ContentLength, server.MaxBodyMiB * MiB, server.MaxBufferedMiB * MiB,
                exchange.Aborted);
            if (error is not null)
            {
                return error;
            }

            // What follows goes over all of it, some of it more than once: edits, templates, tokens.
            await LongWork.Begin(bytes.Memory.Length);
            index = JsonIndex.Read(bytes.Memory, out error);
            if (index is null || RequestFacts.Read(index, exchange.Operation, out error) is not { } facts)
            {
                return error;
            }

            exchange.Body = new JsonBody(bytes, index);
            exchange.Facts = facts;
            return null;
        }
        finally
        {
            if (exchange.Body is null)
            {
                index?.Dispose();
                bytes.Dispose();
            }
        }
    }

    /// <summary>JSON under any of its names, or none given; never a form, whose text would only be parsed in vain.</summary>
    internal static ApiError? RefuseContentType(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return new ApiError(ErrorCause.UnsupportedMediaType, "Send the request body without Content-Encoding.");
        }

        // What nearly all clients send is not taken apart.
        var isJson = string.IsNullOrEmpty(request.ContentType) ||
            request.ContentType == MediaTypeNames.Application.Json ||
            (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) &&
                (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) ||
                    type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));
        return isJson
            ? null
            : new ApiError(
                ErrorCause.UnsupportedMediaType, "Send the request body as JSON, with 'Content-Type: application/json'.");
    }
}
