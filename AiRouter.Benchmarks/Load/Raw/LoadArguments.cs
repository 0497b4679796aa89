using System.Globalization;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>The command line of <c>load</c>.</summary>
internal static class LoadArguments
{
    /// <summary>The options that there are.</summary>
    public static string[] Known { get; } =
    [
        "--port", "--request", "--connections", "--rate", "--ramp", "--seconds", "--pids", "--key", "--model", "--hold", "--keys",
        "--models", "--headers",
    ];

    /// <summary>What they ask for.</summary>
    public static LoadPlan Plan(ModeOptions options)
    {
        var kind = (options.Text("--request") ?? "chat").Split('/');
        var connections = (int)options.Number("--connections", 32);
        var keys = Names(options.Text("--key") ?? "sk-air-bench", (int)options.Number("--keys", 0));
        var models = Names(options.Text("--model") ?? "chat", (int)options.Number("--models", 0));
        var headers = string.Concat(
            (options.Text("--headers") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static h => "\r\n" + h));
        var key = keys[0] + headers;
        var isPaced = kind is ["stream" or "triton", _, not "0"];
        var random = new Random(1);
        return new LoadPlan
        {
            Port = (int)options.Number("--port", 3000),
            Requests =
            [
                .. Enumerable.Range(0, Math.Max(keys.Length, models.Length))
                    .Select(i => Request(kind, keys[i % keys.Length] + headers, models[i % models.Length], 0)),
            ],

            // Streams that all begin now would be in step for ever.
            First = isPaced
                ? [.. Enumerable.Range(0, connections).Select(_ => Request(kind, key, models[0], random.Next(1, Number(kind[1]))))]
                : null,
            Connections = connections,
            Rate = options.Number("--rate", 0),
            Ramp = TimeSpan.FromSeconds(options.Number("--ramp", isPaced ? 1.5 : 0.3)),
            Duration = TimeSpan.FromSeconds(options.Number("--seconds", 3)),
            Holds = options.Number("--hold", kind is ["idle"] ? 1 : 0) != 0,
            ReadsStamps = kind is ["stream", _, not "0"],
            Processes = [.. (options.Text("--pids") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)],
        };
    }

    private static RawRequest Request(string[] kind, string key, string model, int units) => kind switch
    {
        ["chat"] => RawRequest.Chat(key, model),
        ["prompt", var bytes] => RawRequest.Chat(key, model, Number(bytes)),
        ["stream", var all, var microseconds] => RawRequest.Stream(
            key, model, units > 0 ? units : Number(all), TimeSpan.FromMicroseconds(Number(microseconds))),
        ["idle"] => RawRequest.Stream(key, model, 2, TimeSpan.FromMinutes(10)),
        ["triton", var all, var milliseconds] => RawRequest.Triton(key, model, units > 0 ? units : Number(all), Number(milliseconds)),
        ["embeddings", var batch, var format] => RawRequest.Embeddings(key, Number(batch), format),
        _ => throw new ArgumentException(
            $"--request {string.Join('/', kind)} is not known (there are: chat, prompt/BYTES, stream/CHUNKS/MICROSECONDS, idle, "
            + "triton/TOKENS/MILLISECONDS, embeddings/BATCH/FORMAT)"),
    };

    private static string[] Names(string name, int count) =>
        count == 0 ? [name] : [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"))];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
