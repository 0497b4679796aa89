using System.Diagnostics;
using System.Globalization;
using AiRouter.Benchmarks.Sockets;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>A load client that costs as little as one can: one thread for all connections. Asks again when an answer
/// has come, or at a fixed rate,
/// for which a time counts from when the request had to be sent, also when no connection was free then. Linux
/// only.</summary>
internal sealed class RawLoad : IDisposable
{
    private static readonly TimeSpan HoldDeadline = TimeSpan.FromSeconds(30);

    // So many errors in a row are no load any more.
    private const int MostErrors = 2000;

    private readonly LoadPlan _plan;
    private readonly EventPoll _poll = new();
    private readonly RawClient[] _clients;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly Stack<RawClient> _idle = new();
    private readonly Queue<long> _waiting = new();
    private readonly LoadTally _tally;

    private int _next;
    private int _begun;
    private long _due;

    /// <summary>Connects.</summary>
    public RawLoad(LoadPlan plan)
    {
        _plan = plan;
        _tally = new LoadTally(plan);
        _clients = [.. Enumerable.Range(0, plan.Connections).Select(i => new RawClient(plan.Port, i))];
        foreach (var client in _clients)
        {
            client.Watch(_poll);
        }
    }

    /// <summary>Does what the plan says, on this thread.</summary>
    public LoadFigures Run()
    {
        Linux.WakeExactly();
        var now = Stopwatch.GetTimestamp();
        _due = now;
        foreach (var client in _clients)
        {
            if (_plan.Rate > 0)
            {
                _idle.Push(client);
            }
            else
            {
                client.Ask(_plan.First?[client.Number] ?? Next(), Stopwatch.GetTimestamp());
            }
        }

        Until(now + Ticks(_plan.Ramp));
        if (_plan.Holds)
        {
            Hold(now + Ticks(HoldDeadline));
        }

        return Measure();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _poll.Dispose();
    }

    private void Hold(long deadline)
    {
        while (_begun < _clients.Length)
        {
            var now = Stopwatch.GetTimestamp();
            if (now > deadline)
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture, $"{_begun} of {_clients.Length} streams have begun, {_tally.Errors} errors: {_tally.FirstError}"));
            }

            Until(now + 10_000_000);
        }
    }

    private LoadFigures Measure()
    {
        _tally.Begin();
        Until(Stopwatch.GetTimestamp() + Ticks(_plan.Duration));
        AddWhatIsOpen(Stopwatch.GetTimestamp());
        return _tally.End();
    }

    /// <summary>At a fixed rate: who stalls at the end has made those late too that wait then.</summary>
    private void AddWhatIsOpen(long now)
    {
        if (_plan.Rate == 0)
        {
            return;
        }

        foreach (var due in _waiting.Concat(_clients.Where(static c => c.Request is not null).Select(static c => c.Since)))
        {
            _tally.Latency.Add(now - due, now);
        }
    }

    private void Until(long end)
    {
        for (var now = Stopwatch.GetTimestamp(); now < end; now = Stopwatch.GetTimestamp())
        {
            AskWhatIsDue(now);
            var count = _poll.Wait(Math.Max(0, (_plan.Rate > 0 ? Math.Min(end, _due) : end) - now));
            for (var i = 0; i < count; i++)
            {
                Serve(_clients[_poll.Token(i)], _poll.IsEnding(i));
            }
        }
    }

    private void AskWhatIsDue(long now)
    {
        if (_plan.Rate > 0)
        {
            for (; _due <= now; _due += (long)(Stopwatch.Frequency / _plan.Rate))
            {
                _waiting.Enqueue(_due);
            }

            while (_waiting.Count > 0 && _idle.TryPop(out var client))
            {
                client.Ask(Next(), _waiting.Dequeue());
            }
        }
    }

    private void Serve(RawClient client, bool isEnding)
    {
        client.Continue();
        while (client.Read(_buffer) is > 0 and var count)
        {
            Take(client, _buffer.AsSpan(0, count));
            if (count < _buffer.Length && !isEnding)
            {
                break;
            }
        }

        if (client.HasEnded)
        {
            var wasAsked = client.Request is not null;
            if (wasAsked)
            {
                client.Answer.End();
                Finish(client);
            }

            client.Reconnect(_poll);
            if (wasAsked || _plan.Rate == 0)
            {
                Again(client);
            }
        }
    }

    private void Take(RawClient client, ReadOnlySpan<byte> bytes)
    {
        var now = Stopwatch.GetTimestamp();
        var answer = client.Answer;
        answer.Read(bytes, _plan.ReadsStamps ? _tally.ChunkDelay : null, now);
        var events = answer.Events.Events;
        if (events > client.EventsSeen)
        {
            if (client.EventsSeen == 0)
            {
                _tally.FirstEvent.Add(now - client.Since, now);
                _begun++;
            }

            _tally.Events += events - client.EventsSeen;
            client.EventsSeen = events;
        }

        if (client.Request is not null && (answer.IsComplete || answer.IsBroken))
        {
            _tally.Latency.Add(now - client.Since, now);
            Finish(client);
            if (answer.Closes || answer.IsBroken)
            {
                client.Reconnect(_poll);
            }

            Again(client);
        }
    }

    private void Finish(RawClient client)
    {
        var answer = client.Answer;
        var events = answer.Events;
        if (answer.IsComplete && answer.Status == 200 && !events.HasError
            && client.Request!.IsAnsweredBy(events))
        {
            _tally.Answers++;
        }
        else
        {
            _tally.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"status {answer.Status}, {answer.BodyLength} bytes, {events.Events} events{(answer.IsComplete ? "" : ", cut")}"));
            if (_tally.Errors >= MostErrors)
            {
                throw new InvalidOperationException($"{_tally.Errors} wrong answers; the first: {_tally.FirstError}");
            }
        }

        client.Finish();
    }

    private void Again(RawClient client)
    {
        if (client.Request is not null || _plan.Holds)
        {
            return;
        }

        if (_plan.Rate == 0)
        {
            client.Ask(Next(), Stopwatch.GetTimestamp());
        }
        else
        {
            _idle.Push(client);
        }
    }

    private RawRequest Next()
    {
        var request = _plan.Requests[_next];
        _next = _next + 1 == _plan.Requests.Count ? 0 : _next + 1;
        return request;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
