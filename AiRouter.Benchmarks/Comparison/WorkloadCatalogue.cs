using System.Globalization;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>All workloads, in the order that they run in.</summary>
internal static class WorkloadCatalogue
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IWorkload> All { get; } =
    [
        new LoadWorkload
        {
            Name = "chat",
            Title = "chat, 300 B, answer 410 B, 32 connections",
            Request = "chat",
            SuitsPortkey = true,
        },
        new LoadWorkload
        {
            Name = "chat-64k",
            Title = "chat with a prompt of 64 KiB, 32 connections",
            Request = "prompt/65536",
            SuitsPortkey = true,
        },
        new LoadWorkload
        {
            Name = "stream",
            Title = "streams of 200 chunks of 180 B at saturation, 32 connections",
            Unit = "chunk",
            Request = "stream/200/0",
            UnitsOfAnswer = 0,
            HasHalf = false,
            SuitsPortkey = true,
        },
        new LoadWorkload
        {
            Name = "stream-paced",
            Title = "500 streams of 200 chunks of 180 B, 50 chunks a second each",
            Unit = "chunk",
            Request = "stream/200/20000",
            WarmRequest = "stream/200/0",
            Connections = 500,
            UnitsOfAnswer = 0,
            Pace = 50,
        },
        new LoadWorkload
        {
            Name = "triton",
            Title = "streams of 200 tokens from Triton at saturation, 32 connections",
            Unit = "token",
            Request = "triton/200/0",
            UnitsOfAnswer = 200,
            HasHalf = false,
            IsTriton = true,
        },
        new LoadWorkload
        {
            Name = "triton-paced",
            Title = "100 streams of 200 tokens from Triton, 50 tokens a second each; first tokens with 20 tokens a stream",
            Unit = "token",
            Request = "triton/200/20",
            WarmRequest = "triton/200/0",
            Connections = 100,
            UnitsOfAnswer = 0,
            Pace = 50,
            HalfRequest = "triton/20/20",
            HalfStreams = 100,
            IsTriton = true,
        },
        Embeddings(1, "float"),
        Embeddings(1, "base64"),
        Embeddings(32, "float"),
        Embeddings(32, "base64"),
        new IdleWorkload(),
        new StartWorkload(),
        new GrowthWorkload(),
    ];

    private static LoadWorkload Embeddings(int batch, string format) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"embeddings-{batch}-{format}"),
        Title = string.Create(CultureInfo.InvariantCulture, $"embeddings over Triton, {batch} × 1,024 as {format}, 16 connections"),
        Request = string.Create(CultureInfo.InvariantCulture, $"embeddings/{batch}/{format}"),
        Connections = 16,
        IsTriton = true,
    };

    /// <summary>Those of these names; null, and a sentence on standard error, when there is none of a name.</summary>
    public static IReadOnlyList<IWorkload>? Named(IReadOnlyList<string> names)
    {
        if (names.Count == 0 || names is ["all"])
        {
            return All;
        }

        var unknown = names.Where(static name => All.All(w => w.Name != name)).ToList();
        if (unknown.Count > 0)
        {
            var known = string.Join(", ", All.Select(static w => w.Name));
            Console.Error.WriteLine($"bench: there is no workload {string.Join(", ", unknown)} (there are: all, {known})");
            return null;
        }

        return [.. All.Where(w => names.Contains(w.Name))];
    }
}
