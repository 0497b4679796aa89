using System.Globalization;
using AiRouter.Benchmarks.Load;

namespace AiRouter.Benchmarks.Demo;

/// <summary><c>demo</c>: two simulated Tritons, one of which is killed under load.</summary>
internal static class DemoCommand
{
    /// <summary>Runs it; 0: every request without a byte was answered, every cut stream told so, and the killed one serves again.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ModeOptions.Parse("demo", arguments, "--seconds", "--rate");
        if (options is null)
        {
            return 2;
        }

        var phase = TimeSpan.FromSeconds(options.Number("--seconds", 15) / 3);
        var rate = options.Number("--rate", 40);
        Say($"Two simulated Tritons, sim-1 and sim-2, behind one model of one router.");
        Say($"{rate:0} requests a second, half of them streams; an answer takes about a second.");
        Say($"");
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var figures = await DemoRun.RunAsync(phase, rate, stop.Token);
        Say($"before          {figures.BySim1Before + figures.BySim2Before,5} answered: {figures.BySim1Before} by sim-1, {figures.BySim2Before} by sim-2");
        Say($"sim-1 is killed (kill -9)");
        Say($"without a byte  {figures.WithoutByte,5} requests had sim-1 and nothing of an answer");
        Say($"                {figures.Moved,5} of them were answered by sim-2");
        Say($"cut             {figures.Broken,5} streams from sim-1 had begun");
        Say($"                {figures.Told,5} of them ended in an error event");
        Say($"unharmed        {figures.Unharmed,5} other requests were answered meanwhile");
        Say($"anything else   {figures.Wrong.Count,5}{string.Concat(figures.Wrong.Take(5).Select(w => "\n  " + w))}");
        Say($"sim-1 is started again");
        Say($"afterwards      {figures.ShareAfter,5:P0} of the answers are sim-1's, {figures.Recovery.TotalSeconds:0.0} s after it listened");
        return figures.Holds ? 0 : 1;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
