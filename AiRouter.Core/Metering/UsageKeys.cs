using AiRouter.Core.Stores;

namespace AiRouter.Core.Metering;

/// <summary>The names of what metering keeps in the store.</summary>
internal static class UsageKeys
{
    /// <summary>The hash of an hour.</summary>
    public static string Hour(IStore store, long hour) => store.Key(FormattableString.Invariant($"usage:hour:{hour}"));

    /// <summary>The hash of a day.</summary>
    public static string Day(IStore store, long day) => store.Key(FormattableString.Invariant($"usage:day:{day}"));

    /// <summary>The number of the last batch of one replica's run.</summary>
    public static string LastBatch(IStore store, string replica) => store.Key($"usage:batch:{replica}");

    /// <summary>The request log: a sorted set by time.</summary>
    public static string Requests(IStore store) => store.Key("requests");

    /// <summary>The bodies of one request of the log.</summary>
    public static string Bodies(IStore store, string logId) => store.Key($"requests:bodies:{logId}");
}
