using AiRouter.Triton.Contract;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// TensorRT-LLM's <c>tensorrt_llm_bls</c>: a Python model around the others. Cumulative text when accumulate_tokens is true,
/// the final flag in a response of its own, errors as Python tracebacks.
/// </summary>
internal sealed class BlsModel(SimulatorOptions options)
    : TrtLlmModel(Configure(options, Release(options)), Release(options))
{
    protected override bool FinalComesAlone => true;

    protected override bool Cumulative => options.AccumulateTokens;

    protected override IReadOnlyList<ReceivedImage> Images(InferenceRun run, out string? error)
    {
        return ImageInputs.OfBls(run, out error);
    }

    protected override string WhenMaxTokensWrong(int maxTokens)
    {
        return "Exception: max_tokens must be greater than 0";
    }

    protected override string ErrorText(string text)
    {
        return $"""
            Traceback (most recent call last):
              File "/models/tensorrt_llm_bls/1/model.py", line 114, in execute
                for res in res_gen:
              File "/models/tensorrt_llm_bls/1/lib/decode.py", line 220, in decode
                for gen_response in self._generate(preproc_response, request):
              File "/models/tensorrt_llm_bls/1/lib/triton_decoder.py", line 346, in _generate
                raise pb_utils.TritonModelException(r.error().message())
            c_python_backend_utils.TritonModelException: {text}

            """;
    }

    /// <summary>The BLS model came with 0.7.</summary>
    private static int Release(SimulatorOptions options)
    {
        return Math.Max(7, TrtLlmTensors.Release(options.Release));
    }

    private static ModelConfig Configure(SimulatorOptions options, int release)
    {
        return new ModelConfig
        {
            Name = "tensorrt_llm_bls",
            Backend = "python",
            Runtime = "model.py",
            MaxBatchSize = 64,
            ModelTransactionPolicy = new ModelTransactionPolicy { Decoupled = options.Decoupled },
            Parameters =
            {
                ["accumulate_tokens"] = new ModelParameter { StringValue = options.AccumulateTokens ? "true" : "false" },
                ["tensorrt_llm_model_name"] = new ModelParameter { StringValue = "tensorrt_llm" },
                ["tensorrt_llm_draft_model_name"] = new ModelParameter { StringValue = "" },
                ["multimodal_encoders_name"] = new ModelParameter
                {
                    StringValue = options.Multimodal ? "multimodal_encoders" : "",
                },
            },
        }
            .WithInputs(TrtLlmTensors.BlsInputs, release)
            .WithOutputs(TrtLlmTensors.Outputs, release);
    }
}
