using System.Text.Json;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary><c>load</c>: the load client of the comparison as a process of its own; writes its figures as one line of
/// JSON.</summary>
internal static class LoadCommand
{
    /// <summary>How the figures are written.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Runs it; 1: an answer was wrong.</summary>
    public static int Run(string[] arguments)
    {
        if (ModeOptions.Parse("load", arguments, LoadArguments.Known) is not { } options)
        {
            return 2;
        }

        using var load = new RawLoad(LoadArguments.Plan(options));
        var figures = load.Run();
        Console.WriteLine(JsonSerializer.Serialize(figures, Json));
        return figures.Errors == 0 ? 0 : 1;
    }
}
