using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Scripts;
using AiRouter.TritonSimulator.Services;
using Google.Protobuf;
using OutputTensor = AiRouter.Triton.Contract.ModelInferResponse.Types.InferOutputTensor;

namespace AiRouter.TritonSimulator.Models;

/// <summary><c>generic</c>: a text in, a text out, one response, no parameters.</summary>
internal sealed class GenericModel() : TextModel(Configure())
{
    private static readonly OutputTensor Text = ResponseSink.Tensor("text_output", "BYTES", 1);

    protected override (TextRequest? Request, string? Error) Read(InferenceRun run)
    {
        return (new TextRequest { Prompt = run.Text("text_input"), MaxTokens = int.MaxValue }, null);
    }

    protected override void Write(InferenceRun run, Generation generation, ByteString text)
    {
        run.Sink.Add(Text, text);
    }

    private static ModelConfig Configure()
    {
        return new ModelConfig
        {
            Name = "generic",
            Backend = "python",
            Runtime = "model.py",
            ModelTransactionPolicy = new ModelTransactionPolicy(),
        }
            .WithInputs("text_input STRING 1 REQ")
            .WithOutputs("text_output STRING 1");
    }
}
