using System.Net.Sockets;
using AiRouter.ServiceDefaults;
using Microsoft.AspNetCore.Connections;

namespace AiRouter.Admin;

/// <summary>Why Admin does not start, in one sentence.</summary>
internal static class StartFailure
{
    /// <summary>Writes the sentence; returns the exit code.</summary>
    public static int Tell(string why)
    {
        Console.Error.WriteLine($"airouter-admin: {why}");
        return 1;
    }

    /// <summary>What an operator can have got wrong; null: it is a bug.</summary>
    public static string? Why(Exception failure) => failure switch
    {
        IOException { InnerException: AddressInUseException } => "cannot listen: somebody else listens on that address (ASPNETCORE_URLS).",
        FormatException when failure.Message.StartsWith("ConnectionStrings__", StringComparison.Ordinal)
            || failure.Message.StartsWith("AIROUTER_", StringComparison.Ordinal) => failure.Message + ".",
        IOException or SocketException or FormatException => $"cannot listen (ASPNETCORE_URLS): {failure.Message}",
        InvalidOperationException when failure.Message.Contains("OTLP", StringComparison.Ordinal)
            || failure.Message.StartsWith(ListenerLimits.ConnectionsKey, StringComparison.Ordinal) => failure.Message,
        _ => null,
    };
}
