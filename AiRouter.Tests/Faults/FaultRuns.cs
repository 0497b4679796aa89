namespace AiRouter.Tests.Faults;

/// <summary>
/// Runs the rows, each once, several at a time: most of a row is waiting. The first test that asks starts all of them.
/// <c>FAULT=text</c> in the environment starts only rows whose name has the text, for work on a few of them.
/// </summary>
internal static class FaultRuns
{
    private const int AtOnce = 8;

    private static readonly string? _only = Environment.GetEnvironmentVariable("FAULT");
    private static readonly SemaphoreSlim _turns = new(AtOnce);
    private static readonly Lazy<IReadOnlyDictionary<string, Task<FaultOutcome>>> _runs = new(StartAll);

    /// <summary>Rows that run.</summary>
    public static IEnumerable<FaultCase> Rows =>
        FaultTable.Rows.Values.Where(static r => _only is null || r.Name.Contains(_only, StringComparison.OrdinalIgnoreCase));

    /// <summary>All rows of the table run.</summary>
    public static bool IsComplete => _only is null;

    /// <summary>What came of a row.</summary>
    public static Task<FaultOutcome> OfAsync(string name) => _runs.Value[name];

    private static Dictionary<string, Task<FaultOutcome>> StartAll() =>
        Rows.ToDictionary(static r => r.Name, static r => Task.Run(() => RunAsync(r)), StringComparer.Ordinal);

    private static async Task<FaultOutcome> RunAsync(FaultCase row)
    {
        await _turns.WaitAsync();
        try
        {
            return await row.Run();
        }
        finally
        {
            _turns.Release();
        }
    }
}
