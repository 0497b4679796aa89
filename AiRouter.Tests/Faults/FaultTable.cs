using AiRouter.Tests.Faults.Clients;
using AiRouter.Tests.Faults.OpenAi;
using AiRouter.Tests.Faults.Stores;
using AiRouter.Tests.Faults.Triton;

namespace AiRouter.Tests.Faults;

/// <summary>All faults that the router is tested with. A file with new rows is added here.</summary>
internal static class FaultTable
{
    /// <summary>In the order of <c>docs/faults.md</c>.</summary>
    public static IReadOnlyList<FaultSection> Sections { get; } =
    [
        new("Connections to an OpenAI-compatible backend", "", [.. ConnectionFaults.Rows]),
        new("Names and certificates", "", [.. NameFaults.Rows]),
        new("HTTP that is none, or wrong", "", [.. FramingFaults.Rows]),
        new("Answers that are none, or not whole", "", [.. AnswerFaults.Rows]),
        new(
            "Answers that change their form",
            "The target's `stream` is `always` or `never`: the backend's answer is collected before the client gets the first byte.",
            [.. TranslatedFaults.Rows]),
        new("Statuses", "", [.. StatusFaults.Rows]),
        new("Connections to a Triton server", "", [.. TritonConnectionFaults.Rows]),
        new("Calls at a Triton server", "", [.. TritonCallFaults.Rows]),
        new("Models of a Triton server", "Under load: twenty clients, half of them with streams.", [.. TritonModelFaults.Rows]),
        new("Clients", "", [.. ClientFaults.Rows]),
        new("The store", "Fifty clients with one key, whose limits the store keeps.", [.. StoreFaults.Rows]),
    ];

    /// <summary>All rows by name.</summary>
    public static IReadOnlyDictionary<string, FaultCase> Rows { get; } =
        Sections.SelectMany(static s => s.Rows).ToDictionary(static r => r.Name, StringComparer.Ordinal);
}
