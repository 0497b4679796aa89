using System.Globalization;
using System.Text.Json;
using AiRouter.Benchmarks.Load;

namespace AiRouter.Benchmarks.Bulkhead;

/// <summary><c>bulkhead</c>: what requests that hang at one backend do to those at another.</summary>
internal static class BulkheadCommand
{
    /// <summary>Runs it; 0: the other backend's p99 stays within the factor, and the router's memory within its own.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ModeOptions.Parse(
            "bulkhead", arguments, "--rounds", "--seconds", "--rate", "--hung", "--factor", "--memory", "--json");
        if (options is null)
        {
            return 2;
        }

        var settings = new BulkheadSettings
        {
            Rounds = (int)options.Number("--rounds", 5),
            Round = TimeSpan.FromSeconds(options.Number("--seconds", 6)),
            Rate = options.Number("--rate", 50),
            Hung = (int)options.Number("--hung", 500),
        };
        var factor = options.Number("--factor", 1.2);
        var memory = options.Number("--memory", 32);
        var figures = await BulkheadRun.RunAsync(settings, CancellationToken.None);
        var holds = figures.Wrong == 0 && figures.Factor <= factor && figures.GrowthMiB.Max() < memory;
        Say($"{settings.Rounds} rounds of {settings.Round.TotalSeconds:0.#} s without and with {settings.Hung} requests hung at backend A, {settings.Rate:0} requests a second to B");
        Say($"B's p99, ms, A idle         {Row(figures.Baseline)}  median {figures.BaselineMedian:0.0}");
        Say($"B's p99, ms, A hung         {Row(figures.Loaded)}  median {figures.LoadedMedian:0.0}");
        Say($"factor                      {figures.Factor:0.00} (at most {factor:0.00})");
        Say($"memory with A hung, MiB     {Row(figures.GrowthMiB)}  at most {figures.GrowthMiB.Max():+0.0;-0.0} (less than {memory:0})");
        Say($"wrong answers of B          {figures.Wrong}");
        Say($"{(holds ? "The bulkhead holds." : "The bulkhead FAILED.")}");
        if (options.Text("--json") is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(figures));
        }

        return holds ? 0 : 1;
    }

    private static string Row(IEnumerable<double> numbers) =>
        string.Join(" ", numbers.Select(n => n.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(6)));

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
