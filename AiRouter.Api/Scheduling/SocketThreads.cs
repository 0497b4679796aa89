using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace AiRouter.Api.Scheduling;

/// <summary>
/// Which threads serve requests: those that wait for the sockets, one for each core, so that a request wakes no other thread on its
/// way. .NET and Kestrel hand each event over to the thread pool unless they are told otherwise. What takes long leaves these
/// threads (<see cref="LongWork"/>): all other requests of their sockets would wait for it.
/// </summary>
internal static class SocketThreads
{
    /// <summary>.NET's own variable; <c>0</c> gives each event to the thread pool.</summary>
    public const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Whether they serve requests in this process.</summary>
    public static bool AreUsed => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Says so, unless somebody has decided. To be called before the first socket is made: .NET looks once.</summary>
    public static void Use()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }

    /// <summary>Has the server do the same.</summary>
    public static void Apply(SocketTransportOptions sockets) => sockets.UnsafePreferInlineScheduling = AreUsed;
}
