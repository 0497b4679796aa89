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
        new IdleWorkload(),
    ];

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
            Console.Error.WriteLine($"bench: there is no workload {string.Join(", ", unknown)} (there are: all, {string.Join(", ", All.Select(static w => w.Name))})");
            return null;
        }

        return [.. All.Where(w => names.Contains(w.Name))];
    }
}
