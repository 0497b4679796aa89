using System.Globalization;

namespace AiRouter.Admin.Components.Shared;

/// <summary>Numbers as people read them: with units and thousands separators, and no more digits than say something.</summary>
internal static class Quantity
{
    /// <summary>Where there is no number.</summary>
    public const string None = "–";

    /// <summary>A count: <c>12,345</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count in little room: <c>12.3k</c>, <c>4.56M</c>.</summary>
    public static string Short(double count) => Math.Abs(count) switch
    {
        >= 1e9 => Digits(count / 1e9) + "G",
        >= 1e6 => Digits(count / 1e6) + "M",
        >= 1e4 => Digits(count / 1e3) + "k",
        >= 100 => count.ToString("N0", CultureInfo.InvariantCulture),
        _ => Digits(count),
    };

    /// <summary>How often in a second: <c>0.25</c>, <c>12.3</c>, <c>1,234</c>; the unit stands beside it.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        0 => "0",
        < 0.01 => "<0.01",
        _ => Short(perSecond),
    };

    /// <summary>A time: <c>85 ms</c>, <c>1.25 s</c>, <c>2 min 5 s</c>.</summary>
    public static string Seconds(double? seconds) => seconds switch
    {
        null => None,
        < 0.001 => "<1 ms",
        < 0.9995 => (seconds.Value * 1000).ToString("N0", CultureInfo.InvariantCulture) + " ms",
        < 100 => Digits(seconds.Value) + " s",
        _ => FormattableString.Invariant($"{Math.Floor(seconds.Value / 60):N0} min {Math.Floor(seconds.Value % 60):N0} s"),
    };

    /// <summary>Money: <c>$12.34</c>; small sums with as many digits as they need: <c>$0.00042</c>.</summary>
    public static string Usd(decimal usd) => usd switch
    {
        0 => "$0.00",
        < 0 => "-" + Usd(-usd),
        < 0.000001m => "<$0.000001",
        < 0.1m => "$" + usd.ToString(usd < 0.001m ? "0.######" : "0.####", CultureInfo.InvariantCulture),
        _ => "$" + usd.ToString("N2", CultureInfo.InvariantCulture),
    };

    /// <summary>A part of a whole: <c>12.5 %</c>; of nothing: –.</summary>
    public static string Percent(long part, long whole) => whole == 0 ? None : Percent(100d * part / whole);

    private static string Percent(double percent) => percent switch
    {
        0 => "0 %",
        < 0.1 => "<0.1 %",
        _ => Digits(percent) + " %",
    };

    // Three digits, and no zeros behind them.
    private static string Digits(double value) => Math.Abs(value) switch
    {
        >= 99.95 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 9.995 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
