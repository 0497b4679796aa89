using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Metering;

namespace AiRouter.Admin.Management.Usage;

/// <summary>Usage and the request log as people read them.</summary>
internal sealed class UsageReports(IUsageStore usage, AdminKeyStore audit, TimeProvider time)
{
    private const decimal NanoPerUsd = 1_000_000_000m;

    // Of the request log, at a time and for one search: 20,000 entries are 10 MB that the store sends.
    private const int ReadAhead = 1000;
    private const int MostReads = 20;

    /// <summary>Usage of a range of time.</summary>
    public async Task<UsageReport> QueryAsync(UsageQuery query, CancellationToken cancellationToken) =>
        new(query.From, query.To, [.. (await usage.QueryAsync(query, cancellationToken)).Select(View)]);

    /// <summary>The newest requests that a filter lets through, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="most">How many.</param>
    /// <param name="skip">How many of the log's newest are left out: <see cref="RequestPage.Next"/> of the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RequestPage> SearchAsync(RequestFilter filter, int most, int skip, CancellationToken cancellationToken)
    {
        var found = new List<RequestView>();
        for (var pages = 0; pages < MostReads; pages++)
        {
            var read = await usage.RequestsAsync(skip, ReadAhead, cancellationToken);
            foreach (var logged in read)
            {
                skip++;
                var view = View(logged);
                if (filter.Fits(view))
                {
                    found.Add(view);
                    if (found.Count == most)
                    {
                        return new RequestPage(found, skip);
                    }
                }
            }

            if (read.Count < ReadAhead)
            {
                return new RequestPage(found, null);
            }
        }

        return new RequestPage(found, skip);
    }

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
        Outcome = UsageOutcomes.Of(logged.Request),
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
