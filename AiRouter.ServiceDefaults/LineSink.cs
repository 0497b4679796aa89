namespace AiRouter.ServiceDefaults;

/// <summary>
/// Lines on their way to the console. Whoever logs copies a line into memory and goes on; a thread of its own writes what has come together,
/// many lines at once. When the console takes nothing (a pipe that nobody reads, a terminal that was stopped) a bounded amount waits;
/// what comes then is dropped and counted, and the count is told as soon as lines are taken again. No request ever waits for the console.
/// </summary>
internal sealed class LineSink : IDisposable
{
    /// <summary>How much may wait, in bytes: some 15,000 requests' lines.</summary>
    public const int Most = 4 * 1024 * 1024;

    /// <summary>How long a line may wait for others that are written with it. What is urgent does not.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the end of the process waits for a console that takes nothing.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    // So much is written without waiting for more; it is what a pipe holds.
    private const int Batch = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Stream _console;
    private readonly Func<long, ReadOnlyMemory<byte>> _tellDropped;
    private readonly int _most;
    private readonly Thread _writer;
    private readonly AutoResetEvent _something = new(initialState: false);
    private readonly AutoResetEvent _enough = new(initialState: false);
    private byte[] _waiting = new byte[Batch];
    private byte[] _spare = new byte[Batch];
    private int _count;
    private long _dropped;
    private bool _isStopping;
    private bool _isOver;

    /// <summary>Begins to write.</summary>
    /// <param name="console">Where to. It is not closed.</param>
    /// <param name="tellDropped">The line that says how many were dropped.</param>
    /// <param name="most">How many bytes may wait.</param>
    public LineSink(Stream console, Func<long, ReadOnlyMemory<byte>> tellDropped, int most = Most)
    {
        _console = console;
        _tellDropped = tellDropped;
        _most = most;
        _writer = new Thread(Work) { IsBackground = true, Name = "console log" };
        _writer.Start();
        AppDomain.CurrentDomain.ProcessExit += Stop;
        AppDomain.CurrentDomain.UnhandledException += Stop;
    }

    /// <summary>Has a line written, soon.</summary>
    /// <param name="line">The line with its end; copied.</param>
    /// <param name="isUrgent">It is written at once, with all before it: the process may not live much longer.</param>
    public void Add(ReadOnlySpan<byte> line, bool isUrgent = false)
    {
        bool isFirst;
        bool isEnough;
        lock (_gate)
        {
            if (_isOver)
            {
                // Nobody else writes any more, and nobody is in a hurry.
                Write(line);
                return;
            }

            if (line.Length > _most - _count)
            {
                _dropped++;
                return;
            }

            if (line.Length > _waiting.Length - _count)
            {
                Array.Resize(ref _waiting, (int)Math.Min(_most, Math.Max(2L * _waiting.Length, _count + line.Length)));
            }

            line.CopyTo(_waiting.AsSpan(_count));
            isFirst = _count == 0;
            isEnough = isUrgent || (_count < Batch && _count + line.Length >= Batch);
            _count += line.Length;
        }

        if (isFirst)
        {
            _something.Set();
        }

        if (isEnough)
        {
            _enough.Set();
        }
    }

    /// <summary>Writes what waits, within <see cref="Deadline"/>. What is logged later is written by whoever logs it.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Stop;
        AppDomain.CurrentDomain.UnhandledException -= Stop;
        Stop(this, EventArgs.Empty);
    }

    private void Stop(object? sender, EventArgs reason)
    {
        Volatile.Write(ref _isStopping, true);
        _something.Set();
        _enough.Set();
        _writer.Join(Deadline);
    }

    private void Work()
    {
        while (!TryEnd())
        {
            _something.WaitOne();
            if (!Volatile.Read(ref _isStopping))
            {
                _enough.WaitOne(Delay);
            }

            WriteWaiting();
        }
    }

    private bool TryEnd()
    {
        lock (_gate)
        {
            _isOver = _isStopping && _count == 0;
            return _isOver;
        }
    }

    private void WriteWaiting()
    {
        byte[] batch;
        int count;
        long dropped;
        lock (_gate)
        {
            (batch, _waiting, _spare) = (_waiting, _spare, _waiting);
            (count, _count) = (_count, 0);
            (dropped, _dropped) = (_dropped, 0);
        }

        Write(batch.AsSpan(0, count));
        if (dropped > 0)
        {
            Write(_tellDropped(dropped).Span);
        }

        if (batch.Length > 4 * Batch)
        {
            // What a busy moment took is given back.
            _spare = new byte[Batch];
        }
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            _console.Write(lines);
        }
        catch (IOException)
        {
            // A full disk, a terminal that was closed: there is nowhere to say so but here, later.
            lock (_gate)
            {
                _dropped += lines.Count((byte)'\n');
            }
        }
    }
}
