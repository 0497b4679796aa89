namespace AiRouter.Benchmarks.Comparison;

/// <summary>Of the figures of several rounds.</summary>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Least">The least.</param>
/// <param name="Most">The greatest.</param>
internal sealed record Statistics(double Median, double Least, double Most)
{
    /// <summary>Of these figures; null: there are none.</summary>
    public static Statistics? Of(IEnumerable<double> figures)
    {
        var sorted = figures.Where(double.IsFinite).Order().ToList();
        return sorted.Count == 0
            ? null
            : new Statistics((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, sorted[0], sorted[^1]);
    }
}
