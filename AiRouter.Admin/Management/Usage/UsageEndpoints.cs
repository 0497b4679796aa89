using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Metering;

namespace AiRouter.Admin.Management.Usage;

/// <summary>Usage and the request log.</summary>
internal static class UsageEndpoints
{
    private const int MostRequests = 1000;

    /// <summary>Maps the operations.</summary>
    public static void MapUsage(this RouteGroupBuilder api)
    {
        api.MapGet("/usage", QueryAsync)
            .Describe(
                "queryUsage",
                "Requests, tokens, cost and times of a range of time.",
                "from and to are dates or moments (the last day without them); step is minute (kept for three hours), hour or day; groupBy is any of key, model, backend " +
                "with commas between; key (an id), model and backend are filters.")
            .WithTags("usage").Produces<UsageReport>().Fails(FailureKind.Invalid).RequireAuthorization(AdminPolicies.Viewer);
        api.MapGet("/requests", RequestsAsync)
            .Describe(
                "listRequests",
                "The last requests of the log, newest first.",
                "At most 1000 (count); empty where the log is off. key (a name or an id; - is none), model, backend, outcome, requestId (a part of " +
                "it) and seconds (it took so long at least) are filters.")
            .WithTags("usage").Produces<ItemList<RequestView>>().Fails(FailureKind.Invalid).RequireAuthorization(AdminPolicies.Viewer);
        api.MapGet("/requests/{id}/bodies", BodiesAsync)
            .Describe("getBodies", "What was said in a request.", "Needs an admin key with readBodies; that it was read is noted in the audit.")
            .WithTags("usage").Produces<BodiesView>().Fails(FailureKind.NotFound).RequireAuthorization(AdminPolicies.Bodies);
    }

    private static async Task<IResult> QueryAsync(
        string? from,
        string? to,
        string? step,
        string? groupBy,
        string? key,
        string? model,
        string? backend,
        UsageReports usage,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var query = UsageParameters.Read(from, to, step, groupBy, time.GetUtcNow());
        return query.Failure is { } wrong
            ? FailureAnswers.Result(wrong)
            : Results.Ok(await usage.QueryAsync(query.Value! with { KeyId = key, Model = model, Backend = backend }, cancellationToken));
    }

    private static async Task<IResult> RequestsAsync(
        int? count,
        string? key,
        string? model,
        string? backend,
        string? outcome,
        string? requestId,
        double? seconds,
        UsageReports usage,
        CancellationToken cancellationToken)
    {
        if (count is < 1 or > MostRequests)
        {
            return FailureAnswers.Result(ManagementFailure.Invalid("count", $"must be from 1 to {MostRequests}"));
        }

        if (outcome is not null && !UsageOutcomes.All.Contains(outcome))
        {
            return FailureAnswers.Result(ManagementFailure.Invalid("outcome", $"must be one of {string.Join(", ", UsageOutcomes.All)}"));
        }

        var filter = new RequestFilter
        {
            Key = key ?? "",
            Model = model ?? "",
            Backend = backend ?? "",
            Outcome = outcome ?? "",
            RequestId = requestId ?? "",
            Seconds = seconds,
        };
        return Results.Ok(new ItemList<RequestView>((await usage.SearchAsync(filter, count ?? 100, 0, cancellationToken)).Items));
    }

    private static async Task<IResult> BodiesAsync(string id, HttpContext context, UsageReports usage) =>
        (await usage.BodiesAsync(id, AdminIdentity.Of(context), context.RequestAborted)).Answer(Results.Ok);
}
