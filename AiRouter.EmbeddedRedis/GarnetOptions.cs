using System.Net;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Tsavorite.core;

namespace AiRouter.EmbeddedRedis;

/// <summary>Garnet as this project needs it (docs/adr/0008-embedded-store.md has the measurements).</summary>
internal static class GarnetOptions
{
    /// <summary>What Garnet is told.</summary>
    public static GarnetServerOptions For(EmbeddedRedisSettings settings) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, settings.Port)],
        AuthSettings = new PasswordAuthenticationSettings(settings.Password),
        QuietMode = true,
        MaxDatabases = 1,

        // Without transaction mode scripts interleave: of 20,000 read-modify-write scripts 13,987 counted. With it they are atomic
        // over the keys that they name.
        EnableLua = true,
        LuaTransactionMode = true,
        LuaOptions = new LuaOptions(
            LuaMemoryManagementMode.Native, string.Empty, Timeout.InfiniteTimeSpan, LuaLoggingMode.Silent, []),

        // Every change is in the append-only file within CommitLoop.Interval. Garnet does not end when it cannot write, so the
        // commits are ours (-1): CommitLoop ends the process.
        EnableAOF = true,
        CommitFrequencyMs = -1,
        Recover = true,
        FailOnRecoveryError = true,
        CheckpointDir = settings.Folder,

        // libaio is missing on many machines.
        DeviceType = DeviceType.RandomAccess,

        // A page of the append-only file must be twice a page of the log at least; both are smaller than Garnet's own 32 and 16 MiB,
        // and given in buffers that are held even when idle.
        PageSize = "1m",
        AofPageSize = "4m",
        AofMemorySize = "16m",

        // Garnet drops what was used least recently when its memory is full, and says nothing. So the memory is never to be full:
        // the log is compacted long before that, as soon as its older half has 16 MiB, and MemoryWatch ends the process before
        // anything is lost. Its storage tier, which would keep the rest on disk, is no way out:
        // it ends the process in the first flush after a recovery (measured, 2.2.8).
        LogMemorySize = $"{settings.MemoryMiB}m",
        MutablePercent = 50,
        IndexMemorySize = "16m",
        BufferPoolMemoryBudget = "32m",

        // A checkpoint when the append-only file has grown to the limit; it is cut then, a whole segment at a time, and the log is
        // compacted. Lookup, because Scan throws on hashes that are in memory only.
        AofSizeLimit = "32m",
        AofSizeLimitEnforceFrequencySecs = 1,
        AofSegmentSize = "8m",
        SegmentSize = "4m",
        CompactionType = LogCompactionType.Lookup,
        CompactionMaxSegments = 4,

        // One hash of more than a segment is read back cut short: so the segment is larger than any could be.
        ObjectLogSegmentSize = "1g",

        // What has expired goes although nobody asks for it. Only the younger half is looked at; what is older gets there with the
        // next compaction.
        ExpiredKeyDeletionScanFrequencySecs = 10,
    };
}
