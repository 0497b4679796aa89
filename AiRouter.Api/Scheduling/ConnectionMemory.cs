using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace AiRouter.Api.Scheduling;

/// <summary>
/// The memory that clients' connections are read into and written from, in blocks of 32 KiB. Kestrel's own have 4 KiB: it asks the
/// system twice for each, and a prompt of 64 KiB came in 34 calls. A connection that waits holds none.
/// </summary>
internal sealed class ConnectionMemory : MemoryPool<byte>
{
    /// <summary>The size of a block, in bytes.</summary>
    public const int BlockSize = 32 * 1024;

    /// <summary>How many blocks stay for the next requests: 16 MiB. What a crowd needed beyond that goes back to the system.</summary>
    public const int MostKept = 16 * 1024 * 1024 / BlockSize;

    // The last one is taken first: it is still in the processor's cache.
    private readonly Stack<Block> _free = new();
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        Block? block;
        lock (_lock)
        {
            _free.TryPop(out block);
        }

        block ??= new Block(this);
        block.Begin();
        return block;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // What is given back later is kept no more than this is.
    }

    private void Return(Block block)
    {
        lock (_lock)
        {
            if (_free.Count < MostKept)
            {
                _free.Push(block);
            }
        }
    }

    /// <summary>For Kestrel, which makes one for all of its connections.</summary>
    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        /// <inheritdoc/>
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionMemory();
    }

    // Pinned for good, as the socket needs it: pinning it for each call costs more.
    private sealed class Block(ConnectionMemory pool) : IMemoryOwner<byte>
    {
        private int _isRented;

        public Memory<byte> Memory { get; } =
            MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        public void Begin() => Volatile.Write(ref _isRented, 1);

        public void Dispose()
        {
            // Whoever gives a block back twice must not have it given to two others.
            if (Interlocked.Exchange(ref _isRented, 0) == 1)
            {
                pool.Return(this);
            }
        }
    }
}
