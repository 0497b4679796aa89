using System.Globalization;
using System.Text.Json;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary><c>load</c>: the load client of the comparison as a process of its own; writes its figures as one line of JSON.</summary>
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

/// <summary>The command line of <c>load</c>.</summary>
internal static class LoadArguments
{
    /// <summary>The options that there are.</summary>
    public static string[] Known { get; } =
    [
        "--port", "--request", "--connections", "--rate", "--ramp", "--seconds", "--pids", "--key", "--model", "--hold", "--keys", "--models",
        "--headers",
    ];

    /// <summary>What they ask for.</summary>
    public static LoadPlan Plan(ModeOptions options)
    {
        var kind = (options.Text("--request") ?? "chat").Split('/');
        var connections = (int)options.Number("--connections", 32);
        var keys = Names(options.Text("--key") ?? "sk-air-bench", (int)options.Number("--keys", 0));
        var models = Names(options.Text("--model") ?? "chat", (int)options.Number("--models", 0));
        var headers = string.Concat((options.Text("--headers") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static h => "\r\n" + h));
        var requests = Enumerable.Range(0, Math.Max(keys.Length, models.Length))
            .Select(i => Request(kind, keys[i % keys.Length] + headers, models[i % models.Length], 0)).ToList();
        var isPaced = kind is ["stream", _, not "0"];
        var random = new Random(1);
        return new LoadPlan
        {
            Port = (int)options.Number("--port", 3000),
            Requests = requests,
            First = isPaced
                ? [.. Enumerable.Range(0, connections).Select(_ => Request(kind, keys[0] + headers, models[0], random.Next(1, Number(kind[1]))))]
                : null,
            Connections = connections,
            Rate = options.Number("--rate", 0),
            Ramp = TimeSpan.FromSeconds(options.Number("--ramp", isPaced ? 1.5 : 0.3)),
            Duration = TimeSpan.FromSeconds(options.Number("--seconds", 3)),
            Holds = options.Number("--hold", kind is ["idle"] ? 1 : 0) != 0,
            ReadsStamps = isPaced,
            Processes = [.. (options.Text("--pids") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)],
        };
    }

    private static RawRequest Request(string[] kind, string key, string model, int chunks) => kind switch
    {
        ["chat"] => RawRequest.Chat(key, model),
        ["prompt", var bytes] => RawRequest.Chat(key, model, Number(bytes)),
        ["stream", var all, var microseconds] => RawRequest.Stream(
            key, model, chunks > 0 ? chunks : Number(all), TimeSpan.FromMicroseconds(Number(microseconds))),
        ["idle"] => RawRequest.Stream(key, model, 2, TimeSpan.FromMinutes(10)),
        _ => throw new ArgumentException(
            $"--request {string.Join('/', kind)} is not known (there are: chat, prompt/BYTES, stream/CHUNKS/MICROSECONDS, idle)"),
    };

    private static string[] Names(string name, int count) =>
        count == 0 ? [name] : [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"))];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
