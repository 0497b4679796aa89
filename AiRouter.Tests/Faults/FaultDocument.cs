using System.Text;

namespace AiRouter.Tests.Faults;

/// <summary><c>docs/faults.md</c>: the table with what came of each row.</summary>
internal static class FaultDocument
{
    private const string Beginning =
        """
        # What happens when something fails

        Written by the tests (`AiRouter.Tests/Faults`) from what they saw; `UPDATE_GOLDEN=1` writes it anew. Each row is a test over real
        sockets. Behind each of them the test checks that the client got what stands here, that an error has all four members and names no
        host and no model of a backend, that the router holds nothing any more (connections, reservations, places, buffered bytes,
        streams), and that the next request works, at the same target.

        *The router* says what it does about the target: whether its breaker counts a failure, how long it leaves the target alone, and,
        where the model has a second, healthy target, whether it asks that one. With one target, the same one is asked again where this
        says that another would be (`retry`); the tests switch that off, so that each row shows one attempt.

        A stream that breaks after its first event ends with an error event and without `[DONE]`, and its connection ends without the
        mark of a whole answer: no client takes it for one.

        """;

    /// <summary>The whole text.</summary>
    public static string Write(IReadOnlyList<FaultSection> sections, IReadOnlyDictionary<string, FaultOutcome> outcomes)
    {
        var text = new StringBuilder(Beginning.ReplaceLineEndings("\n"));
        foreach (var section in sections)
        {
            text.Append($"\n## {section.Title}\n\n");
            if (section.Text.Length > 0)
            {
                text.Append(section.Text.ReplaceLineEndings("\n")).Append("\n\n");
            }

            text.Append("| Fault | Moment | Answer | Targets | The client gets | The router |\n|---|---|---|---|---|---|\n");
            foreach (var line in Lines(section.Rows, outcomes).Distinct(StringComparer.Ordinal))
            {
                text.Append(line);
            }
        }

        return text.ToString();
    }

    // Rows that differ only in how the answer is asked for, and end alike, are one line.
    private static IEnumerable<string> Lines(IReadOnlyList<FaultCase> rows, IReadOnlyDictionary<string, FaultOutcome> outcomes) =>
        from row in rows
        let outcome = outcomes[row.Name]
        let alike = rows.Count(r =>
            (r.Fault, r.Moment, r.Targets) == (row.Fault, row.Moment, row.Targets) && outcomes[r.Name] == outcome)
        let answer = alike > 1 ? "both" : row.Streaming switch { true => "streamed", false => "whole", null => "any" }
        select $"| {row.Fault} | {row.Moment} | {answer} | {row.Targets} | {outcome.Client} | {outcome.Router} |\n";
}
