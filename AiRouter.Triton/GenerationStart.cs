using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton;

/// <summary>A generation ready to be sent: the encoded request, and what will read its responses.</summary>
internal sealed record GenerationStart(InferRequest Request, GenerationOutput Output)
{
    /// <summary>Makes it; gives what is wrong with the request, or null.</summary>
    public static TritonFailure? TryPrepare(
        TritonModel model, GenerationRequest request, Random random, out GenerationStart? start)
    {
        start = null;
        if (model.Adapter is not IGenerationAdapter adapter)
        {
            return new TritonFailure(TritonFailureKind.Unsupported, $"A model of kind {model.Kind} generates no text.");
        }

        if (GenerationChecks.Check(model, request) is { } problem)
        {
            return problem;
        }

        var streams = request.Stream && CanStream(model);
        var encoded = new InferRequest(model, request.CallId ?? request.RequestId);
        var sampled = adapter.WithSampling(model, request, random);
        if (adapter.Write(model, sampled, streams, encoded) is { } failure)
        {
            return failure;
        }

        var form = streams ? FormOf(model, adapter, request) : TextForm.Delta;
        var echo = adapter.EchoesPrompt(model, streams)
            ? new PromptEcho(request.Prompt, form == TextForm.Cumulative)
            : null;
        start = new GenerationStart(encoded, new GenerationOutput(request, StreamedTexts.Create(form), echo)
        {
            IsStreaming = streams,
            IsLimited = model.Kind != ModelKind.GenericText || model.FindInput("max_tokens") is not null,
        });
        return null;
    }

    /// <summary>
    /// Whether to ask for a stream. An ensemble's own policy says nothing reliable about its parts: it is asked, and
    /// its refusal remembered.
    /// </summary>
    private static bool CanStream(TritonModel model) =>
        !model.RefusesStreams && (model.IsDecoupled || model.Platform == "ensemble");

    private static TextForm FormOf(TritonModel model, IGenerationAdapter adapter, GenerationRequest request) =>
        request.TextMode switch
        {
            Core.Configuration.StreamText.Delta => TextForm.Delta,
            Core.Configuration.StreamText.Cumulative => TextForm.Cumulative,
            _ => adapter.TextForm(model),
        };
}
