using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Metering;

namespace AiRouter.Admin.Management.Usage;

/// <summary>Usage and the request log as people read them.</summary>
internal sealed class UsageReports(IUsageStore usage, AdminKeyStore audit, TimeProvider time)
{
    private const decimal NanoPerUsd = 1_000_000_000m;

    /// <summary>Usage of a range of time.</summary>
    public async Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken) =>
        new(query.From, query.To, [.. (await usage.QueryAsync(query, cancellationToken)).Select(View)]);

    /// <summary>The last requests, newest first.</summary>
    public async Task<IReadOnlyList<RequestView>> RequestsAsync(int count, CancellationToken cancellationToken) =>
        [.. (await usage.RequestsAsync(count, cancellationToken)).Select(View)];

    /// <summary>The kept bodies of a request. That somebody reads them is noted before he gets them (R39).</summary>
    public async Task<Outcome<BodiesView>> BodiesAsync(string id, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (await usage.BodiesAsync(id, cancellationToken) is not { } bodies)
        {
            return new ManagementFailure(FailureKind.NotFound, $"No bodies of the request {id} were kept, or they are gone.");
        }

        await audit.NoteAsync(new AuditEntry(time.GetUtcNow(), by.Name, "bodies.read", id, null, []), cancellationToken);
        return new BodiesView(bodies.Request, bodies.Response, bodies.IsCut);
    }

    private static UsageView View(UsageRow row) => new()
    {
        At = row.At,
        Key = row.KeyId,
        KeyName = row.KeyName,
        Model = row.Model,
        Backend = row.Backend,
        Requests = row.Requests,
        InputTokens = row.InputTokens,
        CachedTokens = row.CachedTokens,
        OutputTokens = row.OutputTokens,
        EstimatedRequests = row.EstimatedRequests,
        CostUsd = row.NanoUsd / NanoPerUsd,
        TimeToFirstToken = View(row.TimeToFirstToken),
        Duration = View(row.Duration),
    };

    private static TimesView View(UsageHistogram times) => times.Count == 0
        ? new TimesView(0, null, null, null, null)
        : new TimesView(
            times.Count, times.SumSeconds / times.Count, times.Quantile(0.5), times.Quantile(0.95), times.Quantile(0.99));

    private static RequestView View(LoggedRequest logged) => new()
    {
        Id = logged.Id,
        At = logged.Request.At,
        RequestId = logged.Request.RequestId,
        Replica = logged.Replica,
        Key = logged.Request.KeyId,
        KeyName = logged.Request.KeyName,
        Admin = logged.Request.Admin,
        Model = logged.Request.Model,
        Backend = logged.Request.Backend,
        Operation = logged.Request.Operation,
        Status = logged.Request.Status,
        Error = logged.Request.Error,
        InputTokens = logged.Request.InputTokens,
        CachedTokens = logged.Request.CachedTokens,
        OutputTokens = logged.Request.OutputTokens,
        IsEstimated = logged.Request.IsEstimated,
        CostUsd = logged.Request.NanoUsd / NanoPerUsd,
        TimeToFirstTokenSeconds = logged.Request.TimeToFirstToken?.TotalSeconds,
        DurationSeconds = logged.Request.Duration.TotalSeconds,
        QueueSeconds = logged.Request.QueueTime?.TotalSeconds,
        BackendSeconds = logged.Request.BackendTime?.TotalSeconds,
        Attempts = logged.Request.Attempts,
        HasBodies = logged.HasBodies,
    };
}
