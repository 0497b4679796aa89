using System.Net.Sockets;

/// <summary>
/// Runs in a process that is started with <c>DOTNET_STARTUP_HOOKS</c> set to this assembly, before its own code: whoever connects to the
/// socket that <c>AIROUTER_TESTS_ALLOCATED</c> names is sent the bytes that the process has allocated, exactly. The runtime looks for a
/// type of this name without a namespace.
/// </summary>
internal static class StartupHook
{
    internal const string SocketVariable = "AIROUTER_TESTS_ALLOCATED";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is { } path)
        {
            new Thread(() => Serve(path)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var bytes = new byte[sizeof(long)];
        while (true)
        {
            using var client = listener.Accept();
            BitConverter.TryWriteBytes(bytes, GC.GetTotalAllocatedBytes(precise: true));
            client.Send(bytes);
        }
    }
}
