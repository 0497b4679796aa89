using System.Text;
using AiRouter.ServiceDefaults;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.ServiceDefaults;

/// <summary>Lines on their way to the console: all of them, in order, and never at the cost of whoever logs.</summary>
public sealed class LineSinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_of_many_threads_all_arrive_whole_and_each_threads_in_order()
    {
        var console = new FakeConsole();
        using (var sink = New(console))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(
                () =>
                {
                    for (var i = 0; i < 2000; i++)
                    {
                        sink.Add(Encoding.UTF8.GetBytes($"{thread}:{i}\n"));
                    }
                },
                Token)));
        }

        var lines = console.Lines;
        Assert.Equal(8000, lines.Length);
        Assert.All(lines.GroupBy(l => l[0]), thread => Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{thread.Key}:{i}"), thread));
        Assert.InRange(console.Writes, 1, 1000);
    }

    [Fact]
    public async Task Line_is_written_without_another_one_behind_it()
    {
        var console = new FakeConsole();
        using var sink = New(console);

        sink.Add("first\n"u8);
        await Eventually.HoldsAsync(() => console.Lines is ["first"]);
        sink.Add("second\n"u8, isUrgent: true);
        await Eventually.HoldsAsync(() => console.Lines is ["first", "second"]);
    }

    [Fact]
    public async Task Console_that_takes_nothing_costs_bounded_memory_and_the_lines_that_were_lost_are_counted()
    {
        var console = new FakeConsole();
        using var sink = New(console, most: 100);
        console.Block();
        sink.Add("0123456789\n"u8, isUrgent: true);
        await Eventually.HoldsAsync(() => console.IsBlocked);

        // None of these calls waits; nine lines of 11 bytes fit.
        for (var i = 0; i < 20; i++)
        {
            sink.Add("0123456789\n"u8);
        }

        console.Release();
        await Eventually.HoldsAsync(() => console.Lines is [.., "dropped 11"]);
        Assert.Equal([.. Enumerable.Repeat("0123456789", 10), "dropped 11"], console.Lines);

        sink.Add("and on\n"u8);
        await Eventually.HoldsAsync(() => console.Lines is [.., "dropped 11", "and on"]);
    }

    [Fact]
    public async Task Console_that_fails_ends_nothing_and_is_tried_again()
    {
        var console = new FakeConsole { Fails = true };
        using var sink = New(console);
        sink.Add("lost\nlost\n"u8);
        await Eventually.HoldsAsync(() => console.Failures > 0);

        console.Fails = false;
        await Eventually.HoldsAsync(
            () =>
            {
                sink.Add("next\n"u8);
                return console.Lines.Contains("next");
            });
        await Eventually.HoldsAsync(() => console.Lines.Any(l => l.StartsWith("dropped ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_waits_is_written_at_the_end_and_what_comes_later_too()
    {
        var console = new FakeConsole();
        var sink = New(console);
        sink.Add("before\n"u8);
        sink.Dispose();
        Assert.Equal(["before"], console.Lines);

        sink.Add("after\n"u8);
        Assert.Equal(["before", "after"], console.Lines);
    }

    [Fact]
    public void Lines_cost_no_memory_each()
    {
        using var sink = New(Stream.Null);
        Assert.Equal(0, Allocations.Of(() => sink.Add("a line of the log, as long as it may be\n"u8)));
    }

    private static LineSink New(Stream console, int most = LineSink.Most) =>
        new(console, static count => Encoding.UTF8.GetBytes($"dropped {count}\n"), most);

    /// <summary>A console that can be made to take nothing.</summary>
    private sealed class FakeConsole : MemoryStream
    {
        private readonly ManualResetEventSlim _open = new(initialState: true);
        private volatile bool _isBlocked;
        private volatile bool _fails;
        private int _writes;
        private int _failures;

        public bool Fails
        {
            get => _fails;
            set => _fails = value;
        }

        public int Failures => Volatile.Read(ref _failures);

        public int Writes => Volatile.Read(ref _writes);

        public bool IsBlocked => _isBlocked;

        public string[] Lines
        {
            get
            {
                lock (_open)
                {
                    return Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                }
            }
        }

        public void Block() => _open.Reset();

        public void Release() => _open.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _isBlocked = !_open.IsSet;
            _open.Wait(Token);
            if (_fails)
            {
                Interlocked.Increment(ref _failures);
                throw new IOException("The disk is full.");
            }

            lock (_open)
            {
                Interlocked.Increment(ref _writes);

                // The array's: the span's would come back here.
                base.Write(buffer.ToArray(), 0, buffer.Length);
            }
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _open.Dispose();
        }
    }
}
