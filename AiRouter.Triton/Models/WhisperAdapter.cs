using AiRouter.Triton.Contract;
using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton.Models;

/// <summary>
/// Whisper as TensorRT-LLM serves it (<c>whisper_bls</c>, and the models that it comes from): <c>TEXT_PREFIX</c>, the tokens that the
/// transcript begins with; <c>WAV</c>, mono samples at 16 kHz; where declared <c>WAV_LENS</c>, how many of them are audio; to
/// <c>TRANSCRIPTS</c>.
/// </summary>
internal sealed class WhisperAdapter : ITranscriptionAdapter
{
    /// <summary>Audio is filled up with silence to a multiple of so many samples (10 s), so that requests have few different shapes.</summary>
    internal const int Block = 160_000;

    private const string Prefix = "TEXT_PREFIX";
    private const string Wave = "WAV";
    private const string Length = "WAV_LENS";

    private static readonly string[] Temperature = ["TEMPERATURE", "temperature"];

    public string Name => "whisper";

    public ModelKind Kind => ModelKind.Transcription;

    public bool Fits(TritonModel model) =>
        model.FindInput(Prefix) is { Type: DataType.TypeString }
        && model.FindInput(Wave) is { Type: DataType.TypeFp32 or DataType.TypeFp16 or DataType.TypeFp64 }
        && model.FindOutput("TRANSCRIPTS") is { Type: DataType.TypeString };

    public string Reason(TritonModel model) =>
        "It takes WAV and TEXT_PREFIX and gives TRANSCRIPTS, as TensorRT-LLM's Whisper models do.";

    public bool TakesTemperature(TritonModel model) => model.FindInput(Temperature) is not null;

    /// <summary>
    /// Decoupled, TensorRT-LLM's model sends all text so far with each token. Models made after it need not: the texts tell.
    /// </summary>
    public TextForm TextForm(TritonModel model) => model.IsDecoupled ? Text.TextForm.Detect : Text.TextForm.Delta;

    public TritonFailure? Write(TritonModel model, TranscriptionRequest request, InferRequest target)
    {
        var samples = request.Samples.Span;
        var length = Math.Max(1, (samples.Length + Block - 1) / Block) * Block;
        target.AddText(model.FindInput(Prefix)!, request.Prefix.Span);
        var fits = target.AddNumbers(model.FindInput(Wave)!, samples, length);

        // TensorRT-LLM declares it optional and fails without it.
        if (model.FindInput(Length) is { } input)
        {
            fits &= target.AddInteger(input, samples.Length);
        }

        if (request.Temperature is { } temperature)
        {
            fits &= model.FindInput(Temperature) is { } heat && target.AddNumber(heat, temperature);
        }

        return fits
            ? RequiredInputs.Complete(model, target)
            : new TritonFailure(TritonFailureKind.ContractMismatch, "The model's inputs are of types that take no audio.");
    }

    public bool TryRead(InferResponse response, out ReadOnlySpan<byte> text)
    {
        text = default;
        return response.TryFind("TRANSCRIPTS"u8, out var tensor) && tensor.TryReadText(out text);
    }
}
