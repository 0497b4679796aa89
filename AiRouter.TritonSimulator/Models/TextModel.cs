using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Guides;
using AiRouter.TritonSimulator.Scripts;
using Google.Protobuf;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// What all text models share: reading the script, writing the answer token by token, and the faults in between. A family
/// says how its inputs are read and what its responses look like.
/// </summary>
internal abstract class TextModel(ModelConfig config) : ISimulatedModel
{
    public ModelConfig Config { get; } = config;

    /// <summary>Whether the final flag comes in a response of its own, after the last token.</summary>
    protected virtual bool FinalComesAlone => false;

    public async Task RunAsync(InferenceRun run, CancellationToken cancellationToken)
    {
        var (request, error) = Read(run);
        if (request is null)
        {
            await FailAsync(run, error ?? "the request cannot be read");
            return;
        }

        var promptTokens = Tokenizer.Count(request.Prompt);
        if (promptTokens > run.Options.MaxInputTokens)
        {
            await FailAsync(run, WhenTooLong(promptTokens, run.Options.MaxInputTokens));
            return;
        }

        var script = run.Lottery.Draw(ScriptParser.Parse(request.Prompt));
        if (script.TellImages)
        {
            script = script with { Text = ReceivedImage.Describe(request.Images) };
        }

        if (request.Guide is { } guide && script is { Text: null, HugeMiB: 0, ErrorAfter: not 0 })
        {
            var text = GuidedText.Make(guide, out var problem);
            if (text is null)
            {
                await FailAsync(run, problem);
                return;
            }

            script = script with { Text = text };
        }

        var generation = new Generation(request, script, Answer.Write(request, script, promptTokens));
        var faults = new FaultScript(script, run);

        await DelayAsync(run, script.StartMs ?? run.Options.StartDelayMs, cancellationToken);
        if (await ProduceAsync(run, generation, faults, cancellationToken)
            && await PassAsync(run, faults, int.MaxValue, cancellationToken)
            && FinalComesAlone)
        {
            await run.Sink.FinishAsync();
        }
    }

    /// <summary>An error of the backend, in the words of the family.</summary>
    private Task FailAsync(InferenceRun run, string text)
    {
        return run.FailAsync(ErrorText(text));
    }

    /// <summary>Reads the inputs, or says why the backend refuses them.</summary>
    protected abstract (TextRequest? Request, string? Error) Read(InferenceRun run);

    /// <summary>Adds the outputs of one response.</summary>
    protected abstract void Write(InferenceRun run, Generation generation, ByteString text);

    protected virtual string ErrorText(string text)
    {
        return text;
    }

    protected virtual string WhenTooLong(int tokens, int limit)
    {
        return $"Prompt length ({tokens}) exceeds maximum input length ({limit}). Set log level to info and check "
            + "TRTGptModel logs for how maximum input length is set";
    }

    private ValueTask<bool> PassAsync(
        InferenceRun run, FaultScript faults, int token, CancellationToken cancellationToken)
    {
        return faults.PassAsync(text => FailAsync(run, text), SendMalformedAsync, token, cancellationToken);

        async Task SendMalformedAsync()
        {
            // A string of 255 bytes in a tensor of 5.
            run.Sink.Begin();
            run.Sink.Add("text_output", "BYTES", [1], ByteString.CopyFrom(0xFF, 0, 0, 0, (byte)'x'));
            await run.Sink.SendAsync(final: true);
        }
    }

    private async ValueTask<bool> ProduceAsync(
        InferenceRun run, Generation generation, FaultScript faults, CancellationToken cancellationToken)
    {
        var script = generation.Script;
        var delay = script.DelayMs ?? run.Options.TokenDelayMs;
        var count = generation.Answer.Tokens.Count;
        for (var i = 0; i < count; i++)
        {
            if (faults.Any && !await PassAsync(run, faults, i, cancellationToken))
            {
                return false;
            }

            if (delay > 0)
            {
                await DelayAsync(run, delay, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            run.TokenProduced();
            generation.Advance(i);
            if (generation.Request.Stream)
            {
                await SendTokenAsync(run, generation, faults.ComesAfter(count));
            }
        }

        if (!generation.Request.Stream)
        {
            generation.AdvanceToEnd();
            await SendAsync(run, generation, generation.WholeText(), final: !FinalComesAlone && !faults.ComesAfter(count));
        }

        return true;
    }

    private async ValueTask SendTokenAsync(InferenceRun run, Generation generation, bool faultComes)
    {
        if (generation.Script.EmptyResponses)
        {
            await SendAsync(run, generation, generation.EmptyText(), final: false);
        }

        for (var sequence = 0; sequence < generation.Request.Sequences; sequence++)
        {
            generation.Sequence = sequence;
            var final = generation.IsLast && sequence == generation.Request.Sequences - 1 && !FinalComesAlone && !faultComes;
            await SendAsync(run, generation, generation.TokenText(), final);
        }
    }

    private ValueTask SendAsync(InferenceRun run, Generation generation, ByteString text, bool final)
    {
        run.Sink.Begin();
        Write(run, generation, text);
        return run.Sink.SendAsync(final);
    }

    private static Task DelayAsync(InferenceRun run, int milliseconds, CancellationToken cancellationToken)
    {
        return milliseconds > 0
            ? Task.Delay(TimeSpan.FromMilliseconds(milliseconds), run.Time, cancellationToken)
            : Task.CompletedTask;
    }
}
