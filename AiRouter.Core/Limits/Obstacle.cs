namespace AiRouter.Core.Limits;

/// <summary>The limit that stands in the way the longest, of those that were looked at.</summary>
internal struct Obstacle
{
    private string? _subject;
    private LimitKind _kind;
    private long? _wait;

    /// <summary>Whether none stands in the way.</summary>
    public readonly bool IsNone => _subject is null;

    /// <summary>As it is told.</summary>
    public readonly LimitRefusal? Refusal => _subject is null
        ? null
        : new LimitRefusal(_subject, _kind, _wait is { } wait ? TimeSpan.FromMilliseconds(wait) : null);

    /// <summary>One more stands in the way, for so many milliseconds; null: for ever.</summary>
    public void Add(string subject, LimitKind kind, long? wait)
    {
        if (_subject is null || (_wait is { } longest && (wait is null || wait > longest)))
        {
            _subject = subject;
            _kind = kind;
            _wait = wait;
        }
    }
}
