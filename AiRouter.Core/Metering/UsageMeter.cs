using AiRouter.Core.Configuration;

namespace AiRouter.Core.Metering;

/// <summary>
/// Takes what is known of each request at its end. It never blocks and never fails: records are added up in memory, and written
/// behind once a second (<see cref="MeteringWriter"/>). Registered where there is a store only.
/// </summary>
public sealed class UsageMeter
{
    private readonly IRouterConfiguration? _configuration;
    private long _other;

    /// <summary>Empty.</summary>
    /// <param name="configuration">Says whether requests are logged.</param>
    public UsageMeter(IRouterConfiguration configuration)
        : this(configuration, new UsageBuffer(), new RequestLogBuffer())
    {
    }

    internal UsageMeter(IRouterConfiguration? configuration, UsageBuffer usage, RequestLogBuffer log)
    {
        _configuration = configuration;
        Usage = usage;
        Log = log;
    }

    /// <summary>Records that are in nobody's usage because too much waited for the store.</summary>
    public long Dropped => Usage.Dropped;

    /// <summary>
    /// Combinations of hour, key, model and backend that wait for the store; those of further ones are dropped at <see
    /// cref="UsageBuffer.Capacity"/>.
    /// </summary>
    public int Waiting => Usage.Waiting;

    /// <summary>Entries of the request log that were never written.</summary>
    public long DroppedLogEntries => Log.Dropped;

    /// <summary>Combinations that were counted as <see cref="UsageRow.Other"/> because an hour or a day had too many.</summary>
    public long CountedAsOther => Volatile.Read(ref _other);

    /// <summary>How the request log is kept now; null: it is off.</summary>
    public RequestLogConfig? RequestLog =>
        _configuration?.Current?.Config.Metering.RequestLog is { Enabled: true } log ? log : null;

    internal UsageBuffer Usage { get; }

    internal RequestLogBuffer Log { get; }

    /// <summary>Takes a record.</summary>
    /// <param name="record">What is known of the request.</param>
    /// <param name="bodies">What was said, for keys whose bodies are kept; not redacted yet.</param>
    public void Record(UsageRecord record, LoggedBodies? bodies = null)
    {
        Usage.Add(record);
        if (RequestLog is not null)
        {
            Log.Add(new WaitingLogEntry(record, bodies));
        }
    }

    internal void CountOther(long slots) => Interlocked.Add(ref _other, slots);
}
