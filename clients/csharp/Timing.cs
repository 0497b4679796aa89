using System.Diagnostics;

/// <summary>Prints an answer, and how quick it was. The figures go to stderr, so that the answer alone can be piped on.</summary>
internal sealed class Timing
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan? _first;

    /// <summary>Prints a chunk of a stream.</summary>
    public void Print(string text, string end)
    {
        if (text.Length > 0)
        {
            _first ??= _watch.Elapsed;
            Console.Write(text + end);
        }
    }

    /// <summary>Ends the last line of a stream, unless its chunks did.</summary>
    public void EndLine(string end)
    {
        if (_first is not null && end.Length == 0)
        {
            Console.WriteLine();
        }
    }

    /// <summary>Prints the figures.</summary>
    public void Tell(long? tokens, string? reason)
    {
        var elapsed = _watch.Elapsed;
        if (_first is { } first)
        {
            Console.Error.WriteLine($"time to first token: {first.TotalMilliseconds:F0} ms");
        }

        if (tokens is not null)
        {
            Console.Error.WriteLine(
                $"tokens: {tokens} in {elapsed.TotalMilliseconds:F0} ms, {tokens / elapsed.TotalSeconds:F1} tokens/s, "
                + $"finish reason: {reason?.ToLowerInvariant()}");
        }
    }
}
