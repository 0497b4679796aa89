using System.Collections.Concurrent;
using AiRouter.Api.Endpoints;
using AiRouter.Core.Limits;

namespace AiRouter.Api.Admission;

/// <summary>
/// What the ledger last said about each subject. A refusal for the rate of requests stays true until its time has come, because
/// others can only add: so it can be repeated without asking, before a body is read (R31).
/// </summary>
internal sealed class KnownStandings(TimeProvider time)
{
    // More subjects than an installation has; a bound all the same.
    private const int Most = 50_000;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    // When the last refusal that was heard of ends; most routers refuse nobody, and then nobody has to be looked up.
    private long _refusedUntil = long.MinValue;

    /// <summary>Whether any request is refused now for the rate of requests alone.</summary>
    public bool MayRefuse => Volatile.Read(ref _refusedUntil) > time.GetTimestamp();

    /// <summary>Sets a request's headers as its subjects stood when they were last heard of.</summary>
    public void Show(Exchange exchange, RequestLimits limits)
    {
        var subjects = new List<LimitSubject>(limits.Subjects.Count);
        var standings = new List<LimitStanding>(limits.Subjects.Count);
        foreach (var subject in limits.Subjects)
        {
            if (Find(subject.Id) is { } last)
            {
                subjects.Add(subject);
                standings.Add(last.Standing.After(last.Age));
            }
        }

        RateLimitHeaders.Write(exchange, subjects, standings);
    }

    /// <summary>Remembers what was decided.</summary>
    public void Note(IReadOnlyList<LimitSubject> subjects, LimitDecision decision)
    {
        var now = time.GetTimestamp();
        foreach (var standing in decision.Standings)
        {
            if (EntryOf(standing.SubjectId) is { } entry)
            {
                entry.Last = new KnownStanding(standing, now);
            }
        }

        NoteRefusal(subjects, decision);
    }

    /// <summary>Remembers only until when the rate of requests refuses: of a look at that rate alone.</summary>
    public void NoteRefusal(IReadOnlyList<LimitSubject> subjects, LimitDecision decision)
    {
        var now = time.GetTimestamp();
        if (decision.Refusal is { Kind: LimitKind.Requests, RetryAfter: { } wait } refusal &&
            LimitOf(subjects, refusal.SubjectId) is { } limit && EntryOf(refusal.SubjectId) is { } refused)
        {
            var until = now + (long)(wait.TotalSeconds * time.TimestampFrequency);
            refused.Refused = new Refused(limit, until);
            InterlockedMax(ref _refusedUntil, until);
        }
    }

    /// <summary>How long yet no request can be admitted for the rate of requests alone; null: not known to be so.</summary>
    public TimeSpan? RefusedFor(LimitSubject subject)
    {
        // Under another limit than the one that refused, nothing is known.
        if (!_entries.TryGetValue(subject.Id, out var entry) || entry.Refused is not { } refused ||
            refused.Limit != subject.Limits.RequestsPerMinute)
        {
            return null;
        }

        var now = time.GetTimestamp();
        return refused.Until > now ? time.GetElapsedTime(now, refused.Until) : null;
    }

    /// <summary>The last standing of a subject and how old it is; null: none.</summary>
    public (LimitStanding Standing, TimeSpan Age)? Find(string id) =>
        _entries.TryGetValue(id, out var entry) && entry.Last is { } last
            ? (last.Standing, time.GetElapsedTime(last.At))
            : null;

    private static void InterlockedMax(ref long place, long value)
    {
        for (var seen = Volatile.Read(ref place); seen < value;)
        {
            var found = Interlocked.CompareExchange(ref place, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    private static int? LimitOf(IReadOnlyList<LimitSubject> subjects, string id)
    {
        foreach (var subject in subjects)
        {
            if (subject.Id == id)
            {
                return subject.Limits.RequestsPerMinute;
            }
        }

        return null;
    }

    private Entry? EntryOf(string id)
    {
        if (_entries.TryGetValue(id, out var entry))
        {
            return entry;
        }

        return _entries.Count < Most ? _entries.GetOrAdd(id, static _ => new Entry()) : null;
    }

    private sealed class Entry
    {
        private volatile KnownStanding? _last;
        private volatile Refused? _refused;

        public KnownStanding? Last
        {
            get => _last;
            set => _last = value;
        }

        public Refused? Refused
        {
            get => _refused;
            set => _refused = value;
        }
    }

    private sealed record KnownStanding(LimitStanding Standing, long At);

    private sealed record Refused(int Limit, long Until);
}
