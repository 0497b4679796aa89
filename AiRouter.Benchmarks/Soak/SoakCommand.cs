using AiRouter.Benchmarks.Load;

namespace AiRouter.Benchmarks.Soak;

/// <summary><c>soak</c>: everything at once for minutes, and nothing may be wrong at the end. docs/benchmarks.md tells what each line means.</summary>
internal static class SoakCommand
{
    /// <summary>Runs it; 0: everything held.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ModeOptions.Parse("soak", arguments, "--minutes", "--rate", "--seed", "--json", "--wrong-one-of");
        if (options is null)
        {
            return 2;
        }

        var settings = new SoakSettings
        {
            Duration = TimeSpan.FromMinutes(options.Number("--minutes", 15)),
            Rate = options.Number("--rate", 100),
            Seed = (int)options.Number("--seed", 1),
            WrongOneOf = (int)options.Number("--wrong-one-of", 0),
            JsonFile = options.Text("--json"),
        };
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var report = await SoakRun.RunAsync(settings, stop.Token);
        report.Print(Console.Out);
        if (settings.JsonFile is { } file)
        {
            await report.WriteAsync(file);
        }

        return report.Holds ? 0 : 1;
    }
}
