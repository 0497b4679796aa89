using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Scripts;
using AiRouter.TritonSimulator.Tensors;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// The helper <c>preprocessing</c>: a text to token ids, as many as the text models count. The ids are hashes: the same for the
/// same token, and nothing more.
/// </summary>
internal sealed class PreprocessingModel(SimulatorOptions options) : ISimulatedModel
{
    public ModelConfig Config { get; } = new ModelConfig
    {
        Name = "preprocessing",
        Backend = "python",
        Runtime = "model.py",
        MaxBatchSize = 64,
        ModelTransactionPolicy = new ModelTransactionPolicy(),
        Parameters =
        {
            ["add_special_tokens"] = new ModelParameter { StringValue = options.AddSpecialTokens ? "true" : "false" },
        },
    }
        .WithInputs("""
            QUERY                  STRING 1 REQ
            DECODER_QUERY          STRING 1
            REQUEST_OUTPUT_LEN     INT32 1 REQ
            BAD_WORDS_DICT         STRING -1
            STOP_WORDS_DICT        STRING -1
            EMBEDDING_BIAS_WORDS   STRING -1
            EMBEDDING_BIAS_WEIGHTS FP32 -1
            END_ID                 INT32 1
            PAD_ID                 INT32 1
            PROMPT_TABLE_EXTRA_ID  UINT64 1
            """)
        .WithOutputs("""
            INPUT_ID           INT32 -1
            REQUEST_INPUT_LEN  INT32 1
            REQUEST_OUTPUT_LEN INT32 -1
            OUT_END_ID         INT32 1
            OUT_PAD_ID         INT32 1
            """);

    public async Task RunAsync(InferenceRun run, CancellationToken cancellationToken)
    {
        int[] ids = [.. Tokenizer.Split(run.Text("QUERY")).Select(token => Logprobs.TokenId(token.Span))];

        run.Sink.Begin();
        run.Sink.Add("INPUT_ID", "INT32", [1, ids.Length], TensorWriter.Int32(ids));
        run.Sink.Add("REQUEST_INPUT_LEN", "INT32", [1, 1], TensorWriter.Int32(ids.Length));
        run.Sink.Add(
            "REQUEST_OUTPUT_LEN", "INT32", [1, 1], TensorWriter.Int32((int)(run.Number("REQUEST_OUTPUT_LEN") ?? 0)));
        run.Sink.Add("OUT_END_ID", "INT32", [1, 1], TensorWriter.Int32((int)(run.Number("END_ID") ?? 2)));
        run.Sink.Add("OUT_PAD_ID", "INT32", [1, 1], TensorWriter.Int32((int)(run.Number("PAD_ID") ?? 2)));
        await run.Sink.SendAsync(final: true);
    }
}
