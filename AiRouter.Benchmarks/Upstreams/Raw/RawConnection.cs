using System.Diagnostics;
using System.Net.Sockets;
using AiRouter.Benchmarks.Sockets;

namespace AiRouter.Benchmarks.Upstreams.Raw;

/// <summary>One connection of <see cref="RawUpstream"/>.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private readonly int _descriptor = (int)socket.Handle;
    private readonly RequestIntake _intake = new();
    private readonly byte[] _first = [.. RawAnswers.StreamHead, .. RawAnswers.Event];
    private readonly byte[] _event = [.. RawAnswers.Event];
    private StreamDirective _stream;
    private int _left;

    // What did not fit into the socket.
    private byte[] _pending = [];

    /// <summary>When the next chunk is due, in the clock's nanoseconds; 0: no stream is under way, or it is not
    /// paced.</summary>
    public long Due { get; private set; }

    /// <summary>Whether chunks can be written at once.</summary>
    public bool IsEager => _left > 0 && _stream.Interval == 0 && _pending.Length == 0 && !IsClosed;

    /// <summary>Whether it is over.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Reads what came and goes on writing what did not fit before.</summary>
    /// <param name="buffer">To read into.</param>
    /// <param name="isEnding">Whether it has to be read to its end.</param>
    public void Continue(byte[] buffer, bool isEnding)
    {
        if (_pending.Length > 0)
        {
            var rest = _pending;
            _pending = [];
            Write(rest);
        }

        while (!IsClosed)
        {
            var count = Linux.Receive(_descriptor, buffer);
            if (count == Linux.WouldBlock)
            {
                return;
            }

            if (count is 0 or Linux.Broken)
            {
                IsClosed = true;
            }
            else if (_intake.Take(buffer.AsSpan(0, count)))
            {
                Answer(StreamDirective.Read(_intake.Body));
                _intake.Reset();
            }
            else if (_intake.IsBroken)
            {
                Write(RawAnswers.BadRequest);
                IsClosed = true;
            }

            if (count < buffer.Length && !isEnding)
            {
                // Edge-triggered: whatever comes from now on is told again.
                return;
            }
        }
    }

    /// <summary>Writes the next chunk of the stream, and its end after the last one.</summary>
    public void WriteChunk()
    {
        // Who does not read gets nothing more until there is room.
        if (_pending.Length == 0)
        {
            RawAnswers.Stamp(_event.AsSpan(RawAnswers.StampAt), Stopwatch.GetTimestamp());
            Write(_event);
            EndAfterLast();
        }

        Due = _left > 0 && _stream.Interval > 0 ? Due + _stream.Interval : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private void Answer(StreamDirective asked)
    {
        _stream = asked;
        _left = asked.Chunks;
        if (asked.Chunks == 0)
        {
            Write(RawAnswers.Chat);
            return;
        }

        var now = Stopwatch.GetTimestamp();
        RawAnswers.Stamp(_first.AsSpan(RawAnswers.StreamHead.Length + RawAnswers.StampAt), now);
        Write(_first);
        EndAfterLast();
        Due = _left > 0 && asked.Interval > 0 ? now + asked.Interval : 0;
    }

    private void EndAfterLast()
    {
        if (--_left == 0)
        {
            Write(_stream.WithUsage ? RawAnswers.StreamEndWithUsage : RawAnswers.StreamEnd);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_pending.Length > 0)
        {
            _pending = [.. _pending, .. bytes];
            return;
        }

        while (bytes.Length > 0)
        {
            var count = Linux.Send(_descriptor, bytes);
            if (count == Linux.WouldBlock)
            {
                _pending = bytes.ToArray();
                return;
            }

            if (count == Linux.Broken)
            {
                IsClosed = true;
                return;
            }

            bytes = bytes[count..];
        }
    }
}
