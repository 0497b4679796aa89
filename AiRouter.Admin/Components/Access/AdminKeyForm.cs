using System.Globalization;
using AiRouter.Admin.Management.AdminKeys;
using AiRouter.Core.Administration;

namespace AiRouter.Admin.Components.Access;

/// <summary>An admin key as the page edits it.</summary>
public sealed class AdminKeyForm
{
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>The key that is edited; null: a new one.</summary>
    public AdminKeyView? Edited { get; private init; }

    /// <summary>Who it is for.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it may do.</summary>
    public AdminRole Role { get; set; } = AdminRole.Viewer;

    /// <summary>Whether it may read logged bodies.</summary>
    public bool ReadsBodies { get; set; }

    /// <summary>The last day on which it works, in UTC; empty: it always does.</summary>
    public string LastDay { get; set; } = "";

    /// <summary>The form of a key.</summary>
    public static AdminKeyForm Of(AdminKeyView key) => new()
    {
        Edited = key,
        Name = key.Name,
        Role = key.Role,
        ReadsBodies = key.ReadBodies,
        LastDay = key.Expires is { } expires ? LastDayOf(expires).ToString(DayFormat, CultureInfo.InvariantCulture) : "",
    };

    /// <summary>The same fields, for a key that somebody else changed meanwhile.</summary>
    public AdminKeyForm OnTopOf(AdminKeyView now) => new()
    {
        Edited = now,
        Name = Name,
        Role = Role,
        ReadsBodies = ReadsBodies,
        LastDay = LastDay,
    };

    /// <summary>The last day on which a key works that expires at a moment.</summary>
    public static DateOnly LastDayOf(DateTimeOffset expires) => DateOnly.FromDateTime(expires.UtcDateTime.AddTicks(-1));

    /// <summary>What is saved, or what is wrong with a field.</summary>
    public (AdminKeySettings? Settings, string? NameProblem, string? DayProblem) ToSettings()
    {
        var nameProblem = Name.Trim().Length == 0 ? "Give it a name: who it is for." : null;
        var dayProblem = TryExpires(out var expires) ? null : "Write the day as year-month-day, such as 2027-01-31.";
        return (nameProblem ?? dayProblem) is not null
            ? (null, nameProblem, dayProblem)
            : (new AdminKeySettings { Name = Name.Trim(), Role = Role, ReadBodies = ReadsBodies, Expires = expires }, null, null);
    }

    // An end within the day, which the API can set, stays as long as the day is not changed.
    private bool TryExpires(out DateTimeOffset? expires)
    {
        expires = null;
        if (string.IsNullOrWhiteSpace(LastDay))
        {
            return true;
        }

        if (!DateOnly.TryParseExact(LastDay.Trim(), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ||
            day == DateOnly.MaxValue)
        {
            return false;
        }

        expires = Edited?.Expires is { } before && LastDayOf(before) == day
            ? before
            : new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return true;
    }
}
