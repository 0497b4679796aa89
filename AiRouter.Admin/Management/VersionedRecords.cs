using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;

namespace AiRouter.Admin.Management;

/// <summary>How records with versions of their own are made, replaced and answered: client keys and admin keys alike.</summary>
internal static class VersionedRecords
{
    /// <summary>Makes one of the request's body, and answers 201 with it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="location">Where it is then.</param>
    public static async Task<IResult> CreateAsync<TSettings, T>(
        HttpRequest request,
        Func<TSettings, AdminIdentity, CancellationToken, Task<Outcome<T>>> create,
        Func<T, string> location)
        where TSettings : class
        where T : class, IVersioned
    {
        var context = request.HttpContext;
        var settings = await RequestBodies.ReadAsync<TSettings>(request);
        return settings.Failure is { } wrong
            ? FailureAnswers.Result(wrong)
            : (await create(settings.Value!, AdminIdentity.Of(context), context.RequestAborted))
                .Answer(context, record => Results.Created(location(record), record));
    }

    /// <summary>Replaces one that has the version of If-Match by what the request's body says.</summary>
    /// <param name="request">The request.</param>
    /// <param name="current">The record as it is now.</param>
    /// <param name="replace">Replaces it; the version is null for <c>If-Match: *</c>.</param>
    public static async Task<IResult> PutAsync<TSettings, T>(
        HttpRequest request,
        Outcome<T> current,
        Func<TSettings, long?, AdminIdentity, CancellationToken, Task<Outcome<T>>> replace)
        where TSettings : class
        where T : class, IVersioned
    {
        if (current.Failure is { } missing)
        {
            return FailureAnswers.Result(missing);
        }

        var context = request.HttpContext;
        var (expected, failure) = await ETags.ExpectedAsync(request, () => Task.FromResult(current.Value!.Version));
        if (failure is not null)
        {
            return FailureAnswers.Result(failure);
        }

        var settings = await RequestBodies.ReadAsync<TSettings>(request);
        return settings.Failure is { } wrong
            ? FailureAnswers.Result(wrong)
            : (await replace(settings.Value!, expected, AdminIdentity.Of(context), context.RequestAborted)).Answer(context);
    }

    /// <summary>The record with its ETag, or why not.</summary>
    public static IResult Answer<T>(this Outcome<T> outcome, HttpContext context)
        where T : class, IVersioned => outcome.Answer(context, static record => Results.Ok(record));

    private static IResult Answer<T>(this Outcome<T> outcome, HttpContext context, Func<T, IResult> answer)
        where T : class, IVersioned => outcome.Answer(record =>
        {
            context.Response.Headers.ETag = ETags.Of(record.Version);
            return answer(record);
        });
}
