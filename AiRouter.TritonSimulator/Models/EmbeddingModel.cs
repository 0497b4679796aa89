using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Scripts;
using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// <c>bge</c>: texts [n,1] to unit vectors [n,dimensions], see <see cref="TextVector"/>.
/// </summary>
internal sealed class EmbeddingModel : ISimulatedModel
{
    private readonly int _dimensions;

    public EmbeddingModel(SimulatorOptions options)
    {
        _dimensions = options.EmbeddingDimensions;
        Config = new ModelConfig
        {
            Name = "bge",
            Backend = "python",
            MaxBatchSize = options.EmbeddingBatchSize,
            ModelTransactionPolicy = new ModelTransactionPolicy(),
        }
            .WithInputs("text STRING 1 REQ")
            .WithOutputs($"embedding FP32 {_dimensions}");
    }

    public ModelConfig Config { get; }

    public async Task RunAsync(InferenceRun run, CancellationToken cancellationToken)
    {
        var texts = run.Input("text")!.Elements();
        var vectors = new float[texts.Count * _dimensions];
        for (var i = 0; i < texts.Count; i++)
        {
            if (!await ObeyAsync(run, texts[i], cancellationToken))
            {
                return;
            }

            run.TokenProduced();
            TextVector.Fill(vectors.AsSpan(i * _dimensions, _dimensions), texts[i].Span);
        }

        run.Sink.Begin();
        run.Sink.Add("embedding", "FP32", [texts.Count, _dimensions], TensorWriter.Single(vectors));
        await run.Sink.SendAsync(final: true);
    }

    /// <summary>Faults and delays work as in prompts; false ends the request.</summary>
    private static async ValueTask<bool> ObeyAsync(
        InferenceRun run, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        var words = System.Text.Encoding.UTF8.GetString(text.Span);
        var script = run.Lottery.Draw(ScriptParser.Parse(words));
        var delay = (script.StartMs ?? run.Options.StartDelayMs) + (script.DelayMs ?? run.Options.TokenDelayMs);
        if (delay > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(delay), run.Time, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var tokens = Tokenizer.Count(words);
        if (tokens > run.Options.MaxInputTokens)
        {
            await run.FailAsync(
                $"Prompt length ({tokens}) exceeds maximum input length ({run.Options.MaxInputTokens})");
            return false;
        }

        var faults = new FaultScript(script, run);
        return !faults.Any || await faults.PassAsync(error => run.FailAsync(error), SendMalformedAsync, int.MaxValue, cancellationToken);

        async Task SendMalformedAsync()
        {
            run.Sink.Begin();
            run.Sink.Add("embedding", "FP32", [1, 4], ByteString.CopyFrom(0, 0, 0));
            await run.Sink.SendAsync(final: true);
        }
    }
}
