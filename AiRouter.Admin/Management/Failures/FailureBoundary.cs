using AiRouter.Admin.Authentication;
using AiRouter.Core.Stores;
using AiRouter.ServiceDefaults;

namespace AiRouter.Admin.Management.Failures;

/// <summary>Answers what no endpoint answered: a store that is away, a body that is too large, a path that is not there, a bug.</summary>
internal sealed partial class FailureBoundary(RequestDelegate next, ILogger<FailureBoundary> logger)
{
    /// <summary>Answers, or lets what is next answer.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (RequestFraming.IsAmbiguous(context))
        {
            await FailureAnswers.WriteAsync(context, ManagementFailure.Invalid("", "The request could be read in two ways."));
            return;
        }

        var failure = await FailureOfAsync(context);
        if (failure is not null && !context.Response.HasStarted)
        {
            context.Response.Clear();
            AnswerHeaders.Set(context.Response.Headers);
            await (SignInPaths.IsPage(context.Request)
                ? FailurePage.WriteAsync(context, FailureAnswers.StatusOf(failure.Kind), failure)
                : FailureAnswers.WriteAsync(context, failure));
        }
    }

    private async Task<ManagementFailure?> FailureOfAsync(HttpContext context)
    {
        try
        {
            await next(context);
            return context.Response is { HasStarted: false, ContentLength: null, ContentType: null } ? OfStatus(context) : null;
        }
        catch (StoreUnavailableException away)
        {
            LogStoreAway(context.Request.Method, context.Request.Path, away.Message);
            return new ManagementFailure(
                FailureKind.StoreUnavailable, $"{away.Message} A change may or may not have been made: look before trying again.");
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new ManagementFailure(FailureKind.TooLarge, $"A body has at most {RequestBodies.MostBytes / 1024 / 1024} MiB.");
        }
        catch (BadHttpRequestException bad)
        {
            return ManagementFailure.Invalid("", bad.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception bug)
        {
            LogBug(bug, context.Request.Method, context.Request.Path);
            return new ManagementFailure(FailureKind.Internal, "It is Admin's fault; its log says more.");
        }
    }

    private static ManagementFailure? OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        404 => new ManagementFailure(FailureKind.NotFound, SignInPaths.IsPage(context.Request)
            ? "There is no such page."
            : "There is no such path; /openapi/v1.json lists them."),
        405 => new ManagementFailure(FailureKind.MethodNotAllowed, $"The path has no {context.Request.Method}; /openapi/v1.json lists what it has."),
        415 => new ManagementFailure(FailureKind.UnsupportedMediaType, "The body must be JSON (Content-Type: application/json)."),
        _ => null,
    };

    [LoggerMessage(3011, LogLevel.Warning, "{Method} {Path} was not done: {Reason}")]
    private partial void LogStoreAway(string method, string path, string reason);

    [LoggerMessage(3012, LogLevel.Error, "{Method} {Path} failed: a bug")]
    private partial void LogBug(Exception bug, string method, string path);
}
