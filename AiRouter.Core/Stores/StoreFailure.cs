using System.Security.Authentication;
using StackExchange.Redis;

namespace AiRouter.Core.Stores;

/// <summary>What an exception says about the store, in words for operators that hold neither address nor password.</summary>
internal static class StoreFailure
{
    /// <summary>A call had no answer within its deadline.</summary>
    public const string NoAnswer = "no answer in time";

    /// <summary>A script came after its deadline although its caller still waits.</summary>
    public const string Late = "a script arrived after its deadline";

    /// <summary>The problem; null: not the store's state, but a mistake of whoever asked.</summary>
    public static string? Of(Exception exception) => exception switch
    {
        RedisServerException refused => OfRefusal(refused.Kind),
        RedisConnectionException lost => OfConnection(lost),
        TimeoutException => NoAnswer,
        RedisCommandException => "no server that takes changes is connected",
        ObjectDisposedException => "the connection is closed, because the process stops",
        _ => null,
    };

    // What a Redis says while it starts, fails over or is set up in another way than AiRouter needs.
    private static string? OfRefusal(RedisErrorKind kind) => kind switch
    {
        RedisErrorKind.Loading => "it is loading its data",
        RedisErrorKind.ReadOnly => "it is a replica and takes no changes (READONLY)",
        RedisErrorKind.MasterDown => "it is a replica that has lost its primary (MASTERDOWN)",
        RedisErrorKind.ClusterDown => "the cluster is down (CLUSTERDOWN)",
        RedisErrorKind.TryAgain or RedisErrorKind.Moved or RedisErrorKind.Ask or RedisErrorKind.UnknownRedirectTarget =>
            "the cluster is moving our keys",
        RedisErrorKind.Busy => "another script keeps it busy (BUSY)",
        RedisErrorKind.OutOfMemory => "its memory is full (OOM: above maxmemory, and nothing may be evicted)",
        RedisErrorKind.Misconfigured => "it refuses changes because it cannot save them to its disk (MISCONF)",
        RedisErrorKind.NoReplicas => "it refuses changes because it has too few replicas (NOREPLICAS)",
        RedisErrorKind.MaxClients => "it has too many clients (maxclients)",
        RedisErrorKind.NoAuth or RedisErrorKind.WrongPass => WrongPassword,
        RedisErrorKind.NoPermission =>
            "its user may not do what AiRouter needs (NOPERM): run scripts (eval, evalsha, script load) with their commands on our keys",
        RedisErrorKind.ConnectionFault => "no connection",
        RedisErrorKind.Timeout => NoAnswer,
        _ => null,
    };

    private static string OfConnection(RedisConnectionException lost)
    {
        for (Exception? cause = lost; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RedisServerException refused when OfRefusal(refused.Kind) is { } problem:
                    return problem;
                case RedisConnectionException { FailureType: ConnectionFailureType.Loading }:
                    return "it is loading its data";
                case AuthenticationException:
                    return "its certificate is not trusted, or it does not speak TLS";
                case RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
                    when cause.InnerException is not (AuthenticationException or IOException):
                    return WrongPassword;
            }
        }

        return "no connection";
    }

    // The library does not tell one from the other: it goes on without a password that was refused.
    private const string WrongPassword = "it refuses the password or the user, or misses one (WRONGPASS, NOAUTH)";
}
