using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.Usage;

namespace AiRouter.Admin.Components.Overview.Charts;

/// <summary>What a chart shows of usage.</summary>
public enum UsageMeasure
{
    /// <summary>Requests, by what came of them.</summary>
    Requests,

    /// <summary>Requests that did not go well.</summary>
    Errors,

    /// <summary>Input and output tokens.</summary>
    Tokens,

    /// <summary>Times to the first token.</summary>
    FirstToken,

    /// <summary>US dollars.</summary>
    Cost,
}

/// <summary>How each measure is drawn and read.</summary>
internal static class UsageMeasures
{
    private static readonly ChartLine Ok = new("Answered", "ok", static p => p.Ok);
    private static readonly ChartLine ClientErrors = new("Client errors", "client", static p => p.ClientErrors);
    private static readonly ChartLine Limited = new("Limited", "limited", static p => p.Limited);
    private static readonly ChartLine BackendErrors = new("Backend errors", "backend", static p => p.BackendErrors);
    private static readonly ChartLine Cancelled = new("Cancelled", "cancelled", static p => p.Cancelled);

    /// <summary>What it is called.</summary>
    public static string TitleOf(UsageMeasure measure) => measure switch
    {
        UsageMeasure.Requests => "Requests",
        UsageMeasure.Errors => "Errors",
        UsageMeasure.Tokens => "Tokens",
        UsageMeasure.FirstToken => "Time to first token",
        _ => "Cost",
    };

    /// <summary>What is drawn, the lowest first.</summary>
    public static IReadOnlyList<ChartLine> LinesOf(UsageMeasure measure) => measure switch
    {
        UsageMeasure.Requests => [Ok, Cancelled, ClientErrors, Limited, BackendErrors],
        UsageMeasure.Errors => [ClientErrors, Limited, BackendErrors],
        UsageMeasure.Tokens =>
            [new("Input", "input", static p => p.InputTokens), new("Output", "output", static p => p.OutputTokens)],
        UsageMeasure.FirstToken =>
            [new("p50", "p50", static p => p.FirstTokenP50Seconds), new("p95", "p95", static p => p.FirstTokenP95Seconds)],
        _ => [new("Cost", "cost", static p => (double)p.CostUsd)],
    };

    /// <summary>Whether its lines add up to a whole: columns; times do not.</summary>
    public static bool IsSum(UsageMeasure measure) => measure != UsageMeasure.FirstToken;

    /// <summary>A value beside the axis.</summary>
    public static string Format(UsageMeasure measure, double value) => measure switch
    {
        UsageMeasure.FirstToken => value == 0 ? "0 s" : Quantity.Seconds(value),
        UsageMeasure.Cost => Quantity.Usd((decimal)value),

        // There is no half request.
        _ => value == Math.Floor(value) || value >= 10 ? Quantity.Short(value) : "",
    };

    /// <summary>What all points come to, in a few words.</summary>
    public static string Total(UsageMeasure measure, IReadOnlyList<UsagePoint> points) => measure switch
    {
        UsageMeasure.Requests => $"{Quantity.Count(points.Sum(static p => p.Requests))} in all",
        UsageMeasure.Errors => ErrorsOf(points),
        UsageMeasure.Tokens =>
            $"{Quantity.Count(points.Sum(static p => p.InputTokens))} in, {Quantity.Count(points.Sum(static p => p.OutputTokens))} out",
        UsageMeasure.FirstToken => points.LastOrDefault(static p => p.FirstTokenP50Seconds is not null) is { } last
            ? $"lately p50 {Quantity.Seconds(last.FirstTokenP50Seconds)}, p95 {Quantity.Seconds(last.FirstTokenP95Seconds)}"
            : "no streams",
        _ => $"{Quantity.Usd(points.Sum(static p => p.CostUsd))} in all",
    };

    private static string ErrorsOf(IReadOnlyList<UsagePoint> points)
    {
        var errors = points.Sum(static p => p.ClientErrors + p.Limited + p.BackendErrors);
        return $"{Quantity.Count(errors)}, {Quantity.Percent(errors, points.Sum(static p => p.Requests))} of requests";
    }
}

/// <summary>A line or a part of the columns of a chart.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Colour">The style sheet's name for its colour.</param>
/// <param name="Value">Its value at a point; null: there is none.</param>
internal sealed record ChartLine(string Title, string Colour, Func<UsagePoint, double?> Value);

/// <summary>A point of a line, as a chart takes it.</summary>
/// <param name="Key">Tells points apart.</param>
/// <param name="Value">The value; null: a gap.</param>
public sealed record ChartPoint(string Key, double? Value);
