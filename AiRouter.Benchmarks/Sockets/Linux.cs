using System.Runtime.InteropServices;

namespace AiRouter.Benchmarks.Sockets;

/// <summary>The few calls that the raw upstream and the raw load client are made of. .NET's own sockets move each
/// readiness to another thread; on the
/// core that load and upstream share that costs more than the proxy which is measured.</summary>
internal static unsafe partial class Linux
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Again = 11;
    private const int TimerSlack = 29;

    /// <summary>Nothing could be read or written without waiting.</summary>
    public const int WouldBlock = -1;

    /// <summary>The connection is broken.</summary>
    public const int Broken = -2;

    /// <summary>Reads what is there: the number of bytes, 0 at the end, <see cref="WouldBlock"/> or
    /// <see cref="Broken"/>.</summary>
    public static int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return Result(Recv(socket, start, (nuint)buffer.Length, DontWait));
        }
    }

    /// <summary>Writes what there is room for: the number of bytes, <see cref="WouldBlock"/> or
    /// <see cref="Broken"/>.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Result(Send(socket, start, (nuint)bytes.Length, DontWait | NoSignal));
        }
    }

    /// <summary>Binds a thread to one core.</summary>
    /// <param name="thread">Its id; 0: the calling one.</param>
    /// <param name="cores">One bit for each core.</param>
    /// <returns>Whether there is such a thread still.</returns>
    public static bool Pin(int thread, ulong cores) => SetAffinity(thread, sizeof(ulong), &cores) == 0;

    /// <summary>Lets the calling thread wake up when it asked to, not up to 50 µs later.</summary>
    public static void WakeExactly() => _ = Control(TimerSlack, 1, 0, 0, 0);

    private static int Result(nint count) =>
        count >= 0 ? (int)count : Marshal.GetLastPInvokeError() == Again ? WouldBlock : Broken;

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Recv(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);
}
