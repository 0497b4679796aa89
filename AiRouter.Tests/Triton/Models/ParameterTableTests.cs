using System.Text;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton.Models;

/// <summary>
/// <c>docs/triton-parameters.md</c> says what the encoder does. To write the file anew: run this class with
/// <c>AIROUTER_WRITE_DOCS=1</c>.
/// </summary>
public sealed class ParameterTableTests
{
    [Fact]
    public async Task Published_table_is_what_the_encoder_sends()
    {
        var file = DocsFile();
        var expected = Document();
        if (Environment.GetEnvironmentVariable("AIROUTER_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(file, expected, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_cell_carries_the_value_of_its_parameter_or_is_a_refusal()
    {
        foreach (var family in ParameterTable.Families)
        {
            foreach (var (release, model) in family.Releases)
            {
                foreach (var row in ParameterTable.Rows)
                {
                    var cell = ParameterTable.Cell(model, row);
                    Assert.True(
                        cell is null || cell.Any(sent => sent.Value == row.Expected || sent.Value == row.OrExpected
                            || sent.Value == $"\"{row.OrExpected}\"")
                        || (cell.Count == 0 && MayBeNothing(row, model)),
                        $"{family.Name} {release} {row.Label}: {(cell is null ? "" : string.Join(", ", cell))}");
                }
            }
        }
    }

    [Fact]
    public void Choices_of_one_request_get_seeds_of_their_own_where_the_model_takes_one()
    {
        var request = Fixtures.TritonHarness.Request;
        var random = new Random(7);
        foreach (var (_, model) in ParameterTable.Families.SelectMany(family => family.Releases))
        {
            var adapter = (IGenerationAdapter)model.Adapter;
            var seeds = Enumerable.Range(0, 8).Select(_ => adapter.WithSampling(model, request, random).Seed).ToArray();

            Assert.Equal(model.Supports(GenerationParameter.Seed) ? 8 : 1, seeds.Distinct().Count());
        }
    }

    /// <summary>
    /// Where a parameter is taken though nothing is sent: stop strings that AiRouter finds itself, answers in one
    /// piece.
    /// </summary>
    private static bool MayBeNothing(ParameterRow row, TritonModel model) =>
        model.Inputs.Count == 1 && (row.Label.StartsWith("`stop:", StringComparison.Ordinal)
            || row.Label.StartsWith("`stream:", StringComparison.Ordinal));

    private static string Document()
    {
        var text = new StringBuilder(
            """
            # How request parameters reach a Triton model

            A model is asked with the inputs that its own configuration (`ModelConfig`) declares, in the declared type, so the
            same parameter is another tensor from release to release. These tables are checked on encoded requests by
            `AiRouter.Tests/Triton/Models/ParameterTableTests.cs`: each cell is the tensor (type, shape) or the member of vLLM's
            `sampling_parameters`, with the value of the example. **400** means that the model has no way to take the parameter;
            the request is refused, naming it (`unsupportedParameters: drop` leaves it out instead).

            - `n` above 1 is as many requests, each with a seed of its own (R13); models without a seed input get none.
            - Without a `seed` a random one is sent whenever tokens are sampled (R12): TensorRT-LLM's own default is fixed.
            - `temperature` absent is sent as 1; with neither `top_p` nor `top_k`, `top_p` 1 goes along, because TensorRT-LLM
              ignores a lone temperature. `temperature: 0` and `top_p: 0` are greedy: `top_k` 1, on vLLM `temperature` 0.
            - `top_k` of 0 or -1 means all tokens: nothing is sent, on vLLM `top_k` -1.
            - `stop` is looked for in the text by AiRouter in any case, so it is never refused; where there is an input the model
              gets it too.
            - `stream` on a model that is not decoupled is answered in one piece, and "nothing" is sent.
            - `suffix` and `best_of` are 400 for every model.
            - The prompt is never echoed: it is excluded by the model where it has an input for that, else taken off the answer.

            Answers of a given form (`response_format`, `tool_choice`, `guided_json`, `guided_regex`, `guided_choice`,
            `guided_grammar`):

            - TensorRT-LLM has inputs for it from 0.19 on. Its engine must be set up for it too (`guided_decoding_backend` in the
              configuration of `tensorrt_llm`): where that can be read and is empty, the request is 400 before it is sent.
            - In vLLM's `sampling_parameters` it is a text with JSON in it, called `guided_decoding` by Triton 25.01 to 25.10 and
              `structured_outputs` from 25.11 on. AiRouter tells the release by the inputs that the backend declares
              (`embedding_request` came with 25.11) and by the server's version (25.01 is 2.54.0, 25.11 is 2.63.0); when the
              server does not tell its version, a model that counts tokens is taken for one of 25.01 to 25.10.
            - The LLM API has no way to take it; generic text models do where they declare TensorRT-LLM's inputs.
            - `json_object` is an object, never an array: TensorRT-LLM's own type `json` would allow any JSON, so a schema is sent.
            - JSON schemas: what the engine's grammar compiler knows (XGrammar; vLLM falls back to llguidance). XGrammar allows no
              members but those named, unless `additionalProperties` says so.
            - Regular expressions match the whole answer; `^` and `$` at the ends change nothing. The dialect is JavaScript's
              without assertions, back references and word boundaries; older releases of XGrammar know no `(?:…)` either.
            - Grammars are EBNF as XGrammar and llama.cpp (GBNF) write it, beginning at the rule `root`; vLLM takes Lark too.
            - Choices are given to TensorRT-LLM as one regular expression, each with its special characters escaped.

            Images are the files of data URLs, passed on as they are:

            - vLLM takes up to 64 in one request here; its own limit (`limit_mm_per_prompt`) may be lower, and a model that sees
              nothing takes none. More than that is 400.
            - TensorRT-LLM's BLS model takes one, when `multimodal_encoders_name` is filled in: as a data URL that says JPEG, the
              only one that its preprocessing decodes itself, whatever the format is. `image_bytes_input` wants decoded pixels
              and is not used. For Qwen2-VL and LLaVA that preprocessing puts its own chat template around the text: give such
              models the prompt format `plain`.
            - The LLM API is not given images, though newer ones declare `image_url`: a server without
              `triton_config.multimodal` ignores them without a word.


            """);
        foreach (var family in ParameterTable.Families)
        {
            Append(text, family);
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder text, ParameterFamily family)
    {
        text.Append("## ").Append(family.Name).Append("\n\n| | ")
            .AppendJoin(" | ", family.Releases.Select(release => release.Release)).Append(" |\n|---|")
            .Insert(text.Length, "---|", family.Releases.Length).Append('\n');
        text.Append("| sent always | ")
            .AppendJoin(" | ", family.Releases.Select(release => string.Join(", ", ParameterTable.Always(release.Model))))
            .Append(" |\n");
        foreach (var row in ParameterTable.Rows)
        {
            text.Append("| ").Append(row.Label).Append(" | ")
                .AppendJoin(" | ", family.Releases.Select(release => Show(ParameterTable.Cell(release.Model, row))))
                .Append(" |\n");
        }

        text.Append('\n');
    }

    private static string Show(IReadOnlyList<SentValue>? cell) => cell switch
    {
        null => "400",
        [] => "nothing",
        _ => string.Join(", ", cell).Replace("|", "\\|", StringComparison.Ordinal),
    };

    private static string DocsFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AiRouter.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests are not inside the repository.");
        }

        return Path.Combine(folder.FullName, "docs", "triton-parameters.md");
    }
}
