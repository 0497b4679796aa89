using System.Buffers;
using AiRouter.Api.Scheduling;

namespace AiRouter.Tests.Scheduling;

/// <summary>The blocks that connections are read into.</summary>
public sealed class ConnectionMemoryTests
{
    [Fact]
    public void Block_given_back_is_the_next_one_given_out()
    {
        using var memory = new ConnectionMemory();
        var first = memory.Rent(4096);
        Assert.Equal(ConnectionMemory.BlockSize, first.Memory.Length);
        first.Dispose();

        using var second = memory.Rent();
        using var third = memory.Rent();

        Assert.Same(first, second);
        Assert.NotSame(second, third);
    }

    [Fact]
    public void Block_given_back_twice_is_given_to_one_only()
    {
        using var memory = new ConnectionMemory();
        var block = memory.Rent();
        block.Dispose();
        block.Dispose();

        using var one = memory.Rent();
        using var other = memory.Rent();

        Assert.NotSame(one, other);
    }

    [Fact]
    public void More_than_a_block_is_not_to_be_had()
    {
        using var memory = new ConnectionMemory();
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Rent(ConnectionMemory.BlockSize + 1));
    }

    [Fact]
    public void What_a_crowd_needed_is_not_kept()
    {
        using var memory = new ConnectionMemory();
        var crowd = Enumerable.Range(0, ConnectionMemory.MostKept + 10).Select(_ => memory.Rent()).ToList();
        crowd.ForEach(b => b.Dispose());

        var next = Enumerable.Range(0, ConnectionMemory.MostKept + 10).Select(_ => memory.Rent()).ToHashSet();

        Assert.Equal(ConnectionMemory.MostKept, next.Intersect(crowd).Count());
    }

    [Fact]
    public async Task Blocks_are_never_with_two_at_once()
    {
        using var memory = new ConnectionMemory();
        await Task.WhenAll(Enumerable.Range(1, 4).Select(number => Task.Run(() =>
        {
            var mine = new IMemoryOwner<byte>[8];
            for (var round = 0; round < 20_000; round++)
            {
                ref var place = ref mine[round % mine.Length];
                if (place is not null)
                {
                    Assert.Equal(number, place.Memory.Span[0]);
                    place.Dispose();
                }

                place = memory.Rent();
                place.Memory.Span[0] = (byte)number;
            }
        })));
    }
}
