using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Scripts;
using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// TensorRT-LLM's <c>whisper_bls</c>, which hears nothing: its transcript says what it was given, see <see cref="HeardSound"/>. A
/// script in the prompt part of the prefix works as in prompts.
/// </summary>
internal sealed class WhisperModel : ISimulatedModel
{
    private const string Standard = "<|startoftranscript|><|en|><|transcribe|><|notimestamps|>";
    private const string PromptStart = "<|startofprev|>";
    private const string PromptEnd = "<|startoftranscript|>";

    private readonly bool _decoupled;

    public WhisperModel(SimulatorOptions options)
    {
        _decoupled = options.WhisperDecoupled;
        Config = new ModelConfig
        {
            Name = "whisper_bls",
            Backend = "python",
            Runtime = "model.py",
            MaxBatchSize = 8,
            ModelTransactionPolicy = new ModelTransactionPolicy { Decoupled = _decoupled },
            Parameters =
            {
                ["n_mels"] = new ModelParameter { StringValue = "128" },
                ["zero_pad"] = new ModelParameter { StringValue = "false" },
            },
        }
            .WithInputs("""
                TEXT_PREFIX STRING 1 REQ
                WAV         FP32 -1 REQ
                WAV_LENS    INT32 1
                """)
            .WithOutputs("TRANSCRIPTS STRING 1");
    }

    public ModelConfig Config { get; }

    public async Task RunAsync(InferenceRun run, CancellationToken cancellationToken)
    {
        var wave = run.Input("WAV")!;
        if (wave.Shape[0] != 1)
        {
            await run.FailAsync(Traceback("AssertionError: Only support batch size 1"));
            return;
        }

        if (run.Number("WAV_LENS") is not { } length)
        {
            await run.FailAsync(Traceback("AttributeError: 'NoneType' object has no attribute 'as_numpy'"));
            return;
        }

        var heard = HeardSound.Of(wave.Raw.Span, (int)length);
        if (heard.Samples > HeardSound.Most)
        {
            await run.FailAsync(Traceback($"RuntimeError: {heard.Samples} samples are more than 30 s (simulated)"));
            return;
        }

        var prefix = run.Text("TEXT_PREFIX") is { Length: > 0 } given ? given : Standard;
        var prompt = PromptOf(prefix);
        var script = run.Lottery.Draw(ScriptParser.Parse(prompt));
        var delay = (script.StartMs ?? run.Options.StartDelayMs) + (script.DelayMs ?? run.Options.TokenDelayMs);
        if (delay > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(delay), run.Time, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var faults = new FaultScript(script, run);
        if (faults.Any && !await faults.PassAsync(
            error => run.FailAsync(Traceback(error)), () => SendAsync(run, ByteString.CopyFrom(255, 0, 0, 0, 120), final: true),
            int.MaxValue, cancellationToken))
        {
            return;
        }

        run.TokenProduced();
        await AnswerAsync(
            run, script.Text ?? heard.Describe(prefix[Math.Max(0, prefix.LastIndexOf(PromptEnd, StringComparison.Ordinal))..], prompt));
    }

    /// <summary>As the real one: in one piece, or all so far with every token and the final flag alone.</summary>
    private async Task AnswerAsync(InferenceRun run, string text)
    {
        if (!_decoupled)
        {
            await SendAsync(run, TensorWriter.Text(text), final: true);
            return;
        }

        for (var at = text.IndexOf(' ', StringComparison.Ordinal); at >= 0; at = text.IndexOf(' ', at + 1))
        {
            await SendAsync(run, TensorWriter.Text(text[..at]), final: false);
        }

        await SendAsync(run, TensorWriter.Text(text), final: false);
        await run.Sink.FinishAsync();
    }

    private static async Task SendAsync(InferenceRun run, ByteString text, bool final)
    {
        run.Sink.Begin();
        run.Sink.Add("TRANSCRIPTS", "BYTES", [1], text);
        await run.Sink.SendAsync(final);
    }

    private static string PromptOf(string prefix)
    {
        var end = prefix.LastIndexOf(PromptEnd, StringComparison.Ordinal);
        return prefix.StartsWith(PromptStart, StringComparison.Ordinal) && end > 0 ? prefix[PromptStart.Length..end].Trim() : "";
    }

    private static string Traceback(string text)
    {
        return $"""
            Traceback (most recent call last):
              File "/models/whisper_bls/1/model.py", line 215, in execute
                for triton_response in llm_responses:
            {text}

            """;
    }
}
