using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AiRouter.Benchmarks.Sockets;

/// <summary>Linux's epoll, edge-triggered, for one thread.</summary>
internal sealed unsafe partial class EventPoll : IDisposable
{
    private const int Capacity = 256;
    private const int AddOperation = 1;
    private const int Interrupted = 4;
    private const uint Readable = 0x1;
    private const uint Writable = 0x4;
    private const uint Ended = 0x2000 | 0x10 | 0x8;
    private const uint Edge = 1u << 31;

    // The kernel packs the structure on x86 only.
    private static readonly int _size = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int _tokenOffset = _size - 8;

    private readonly int _descriptor = Create(0);
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * 16));

    /// <summary>Watches a socket; it ends when the socket is closed.</summary>
    /// <param name="socket">Its descriptor.</param>
    /// <param name="token">Says which it is, in <see cref="Token"/>.</param>
    public void Add(int socket, int token)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = Readable | Writable | Ended | Edge;
        *(long*)(entry + _tokenOffset) = token;
        if (Control(_descriptor, AddOperation, socket, entry) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits for sockets that something happened at.</summary>
    /// <param name="nanoseconds">At most so long; negative: for ever.</param>
    /// <returns>How many there are.</returns>
    public int Wait(long nanoseconds)
    {
        var timeout = stackalloc long[] { nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000 };
        var count = Wait(_descriptor, _events, Capacity, nanoseconds < 0 ? null : timeout, null);
        return count >= 0 ? count
            : Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Which socket the n-th is.</summary>
    public int Token(int index) => (int)*(long*)(_events + (index * _size) + _tokenOffset);

    /// <summary>Whether the other end of the n-th has ended or broken the connection: it must be read to its end
    /// now.</summary>
    public bool IsEnding(int index) => (*(uint*)(_events + (index * _size)) & Ended) != 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Close(_descriptor);
        NativeMemory.Free(_events);
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int poll, int operation, int socket, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    private static partial int Wait(int poll, byte* events, int capacity, long* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
