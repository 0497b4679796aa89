namespace AiRouter.Benchmarks.Comparison;

/// <summary>The result that a run is compared with: the last of <c>AiRouter.Benchmarks/Results</c>, whose files' names
/// begin with their date.</summary>
internal static class CommittedResult
{
    /// <summary>Finds and reads it.</summary>
    /// <param name="file">Which; null: the last committed one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when there is none.</returns>
    public static async Task<BenchReport?> FindAsync(string? file, CancellationToken cancellationToken)
    {
        file ??= Last(Path.Combine(AppContext.BaseDirectory, "Results"));
        return file is null ? null : BenchReport.Parse(await File.ReadAllTextAsync(file, cancellationToken));
    }

    /// <summary>The last one of a folder.</summary>
    internal static string? Last(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).LastOrDefault() : null;
}
