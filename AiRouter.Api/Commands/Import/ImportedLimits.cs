using System.Globalization;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import;

/// <summary>
/// Limits of files. What comes out never lets more through: too much becomes the most that there is, and of what is no number nothing
/// is let through until somebody says how much. Both are told.
/// </summary>
internal static class ImportedLimits
{
    private const long MostRequests = 10_000_000;
    private const long MostTokens = 1_000_000_000_000;
    private const long MostConcurrent = 1_000_000;
    private const decimal MostUsd = 1_000_000;

    // More than any limit, with room for counting with it.
    private const decimal Countless = 1e20m;

    /// <summary>Requests in a minute; null: no limit; 0: none.</summary>
    public static int? TakeRequests(SourceValue owner, string name, Func<SourceValue, decimal, decimal>? perMinute = null) =>
        (int?)Take(owner, name, MostRequests, perMinute);

    /// <summary>Tokens in a minute; null: no limit; 0: none.</summary>
    public static long? TakeTokens(SourceValue owner, string name, Func<SourceValue, decimal, decimal>? perMinute = null) =>
        Take(owner, name, MostTokens, perMinute);

    /// <summary>Requests at a time; null: no limit; 0: none.</summary>
    public static int? TakeConcurrent(SourceValue owner, string name) => (int?)Take(owner, name, MostConcurrent, null);

    /// <summary>Money; null: no budget.</summary>
    public static decimal? TakeUsd(SourceValue owner, string name) =>
        TakeNumber(owner, name) is { } usd ? AtMost(owner.Find(name)!, usd, MostUsd) : null;

    /// <summary>Whether a limit of it is 0, which AiRouter has no word for.</summary>
    public static bool LetsNothingThrough(LimitsConfig limits) =>
        limits is { RequestsPerMinute: 0 } or { TokensPerMinute: 0 } or { Concurrent: 0 };

    /// <summary>
    /// The key, switched off when a limit of it lets nothing through; for whoever switches it on that limit is the least.
    /// </summary>
    public static KeyConfig SwitchOffWhereNothing(KeyConfig key, SourceValue at)
    {
        if (!LetsNothingThrough(key.Limits) && !key.ModelLimits.Values.Any(LetsNothingThrough))
        {
            return key;
        }

        at.Notes.AddByHand(at, $"the key \"{key.Name}\" is switched off: a limit of it lets nothing through");
        return key with
        {
            Disabled = true,
            Limits = AtLeastOne(key.Limits),
            ModelLimits = key.ModelLimits.ToDictionary(static m => m.Key, static m => AtLeastOne(m.Value), StringComparer.Ordinal),
        };
    }

    /// <summary>The same with 1 where 0 stands.</summary>
    public static T AtLeastOne<T>(T limits)
        where T : LimitsConfig
    {
        return limits with
        {
            RequestsPerMinute = limits.RequestsPerMinute == 0 ? 1 : limits.RequestsPerMinute,
            TokensPerMinute = limits.TokensPerMinute == 0 ? 1 : limits.TokensPerMinute,
            Concurrent = limits.Concurrent == 0 ? 1 : limits.Concurrent,
        };
    }

    private static long? Take(SourceValue owner, string name, long most, Func<SourceValue, decimal, decimal>? perMinute)
    {
        if (TakeNumber(owner, name) is not { } number)
        {
            return null;
        }

        var at = owner.Find(name)!;
        return (long)decimal.Floor(AtMost(at, perMinute is null ? number : perMinute(at, number), most));
    }

    private static decimal AtMost(SourceValue at, decimal number, decimal most)
    {
        if (number <= most)
        {
            return number;
        }

        at.Notes.AddByHand(
            at, string.Create(CultureInfo.InvariantCulture, $"AiRouter takes {most} at most here: that is what is imported"));
        return most;
    }

    private static decimal? TakeNumber(SourceValue owner, string name)
    {
        if (owner.Take(name) is not { } value)
        {
            return null;
        }

        if (value.Number() is { } number)
        {
            return Math.Clamp(number, 0, Countless);
        }

        value.TakeAll();
        value.Notes.AddByHand(value, "a number was expected here: nothing is let through until somebody says how much");
        return 0;
    }
}
