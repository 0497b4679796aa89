using AiRouter.Core.Stores;

namespace AiRouter.Core.Metering;

/// <summary>The names of what metering keeps in the store.</summary>
internal static class UsageKeys
{
    /// <summary>The hash of a minute, an hour or a day, which is numbered by how many of them lie between 1970 and it.</summary>
    public static string Of(IStore store, UsagePart part)
    {
        var number = part.Minute / UsageTime.LengthOf(part.Step);
        return store.Key(part.Step switch
        {
            UsageStep.Minute => FormattableString.Invariant($"usage:minute:{number}"),
            UsageStep.Hour => FormattableString.Invariant($"usage:hour:{number}"),
            _ => FormattableString.Invariant($"usage:day:{number}"),
        });
    }

    /// <summary>The number of the last batch of one replica's run.</summary>
    public static string LastBatch(IStore store, string replica) => store.Key($"usage:batch:{replica}");

    /// <summary>The request log: a sorted set by time.</summary>
    public static string Requests(IStore store) => store.Key("requests");

    /// <summary>The bodies of one request of the log.</summary>
    public static string Bodies(IStore store, string logId) => store.Key($"requests:bodies:{logId}");
}
