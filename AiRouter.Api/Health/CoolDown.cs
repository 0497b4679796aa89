namespace AiRouter.Api.Health;

/// <summary>
/// The time for which a target that answered 429 is left alone. It is no failure: the target works. What it asked for is kept to, up to
/// <see cref="Longest"/>; where it did not say, a time is guessed that doubles until it answers again. Not for several threads at once.
/// </summary>
internal sealed class CoolDown
{
    /// <summary>The most that a target is believed; afterwards a request finds out.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>The first guess.</summary>
    public static readonly TimeSpan FirstGuess = TimeSpan.FromSeconds(1);

    /// <summary>The last guess.</summary>
    public static readonly TimeSpan LastGuess = TimeSpan.FromSeconds(30);

    private TimeSpan _askedUntil;
    private TimeSpan _guessedUntil;
    private int _guesses;

    /// <summary>The target refused a request. Returns how long it is left alone.</summary>
    /// <param name="now">The time, on any clock that only goes forward.</param>
    /// <param name="asked">What it asked for (<c>Retry-After</c>); null: nothing.</param>
    /// <param name="chance">0 to 1: how far a guess is shortened, by up to a fifth, so that replicas do not come back at once.</param>
    public TimeSpan Begin(TimeSpan now, TimeSpan? asked, double chance)
    {
        if (asked is { } said)
        {
            var time = TimeSpan.FromTicks(Math.Clamp(said.Ticks, 0, Longest.Ticks));
            _askedUntil = Later(_askedUntil, now + time);
            return time;
        }

        // Requests that were under way together are refused together: that is one refusal, and one guess.
        if (now < _guessedUntil)
        {
            return _guessedUntil - now;
        }

        var guess = Math.Min(LastGuess.TotalSeconds, FirstGuess.TotalSeconds * Math.Pow(2, Math.Min(_guesses, 10)));
        _guesses++;
        var left = TimeSpan.FromSeconds(guess * (1 - (chance / 5)));
        _guessedUntil = now + left;
        return left;
    }

    /// <summary>The target has answered a request: the next guess is a short one again.</summary>
    public void Forget() => _guesses = 0;

    /// <summary>Why it is left alone, and until when.</summary>
    public (TargetRest Why, TimeSpan Until) At(TimeSpan now) =>
        now < _askedUntil ? (TargetRest.Asked, Later(_askedUntil, _guessedUntil))
        : now < _guessedUntil ? (TargetRest.Guessed, _guessedUntil)
        : (TargetRest.None, now);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
