using System.Globalization;
using AiRouter.Triton.Contract;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// Reads the tensors of a model from a table: one line each with name, type, dims (comma-separated, or [] for none), and
/// words: REQ for an input that is not optional, reshape[], ragged, and the releases that have it, as 5..11 or 12.. (minor
/// version of TensorRT-LLM 0.x; 20 and later for everything newer).
/// </summary>
internal static class TensorTable
{
    /// <summary>Adds the table's lines that <paramref name="release"/> has.</summary>
    public static ModelConfig WithInputs(this ModelConfig config, string table, int release = int.MaxValue)
    {
        foreach (var words in Lines(table, release))
        {
            var input = new ModelInput
            {
                Name = words[0],
                DataType = Type(words[1]),
                Optional = !words.Contains("REQ"),
                AllowRaggedBatch = words.Contains("ragged"),
                Reshape = words.Contains("reshape[]") ? new ModelTensorReshape() : null,
            };
            input.Dims.Add(Dims(words[2]));
            config.Input.Add(input);
        }

        return config;
    }

    /// <inheritdoc cref="WithInputs"/>
    public static ModelConfig WithOutputs(this ModelConfig config, string table, int release = int.MaxValue)
    {
        foreach (var words in Lines(table, release))
        {
            var output = new ModelOutput { Name = words[0], DataType = Type(words[1]) };
            output.Dims.Add(Dims(words[2]));
            config.Output.Add(output);
        }

        return config;
    }

    private static IEnumerable<string[]> Lines(string table, int release)
    {
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var range = words.FirstOrDefault(word => word.Contains("..", StringComparison.Ordinal)) ?? "..";
            if (Includes(range, release))
            {
                yield return words;
            }
        }
    }

    private static bool Includes(string range, int release)
    {
        var bounds = range.Split("..");
        return (bounds[0].Length == 0 || release >= int.Parse(bounds[0], CultureInfo.InvariantCulture))
            && (bounds[1].Length == 0 || release <= int.Parse(bounds[1], CultureInfo.InvariantCulture));
    }

    private static DataType Type(string name)
    {
        return Enum.Parse<DataType>("Type" + name, ignoreCase: true);
    }

    private static IEnumerable<long> Dims(string dims)
    {
        return dims == "[]" ? [] : dims.Split(',').Select(dim => long.Parse(dim, CultureInfo.InvariantCulture));
    }
}
