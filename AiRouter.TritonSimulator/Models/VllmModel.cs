using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Scripts;
using AiRouter.TritonSimulator.Services;
using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;
using OutputTensor = AiRouter.Triton.Contract.ModelInferResponse.Types.InferOutputTensor;

namespace AiRouter.TritonSimulator.Models;

/// <summary>Triton's vLLM backend: no batch dimension, parameters as JSON, deltas, the final flag on the last token.</summary>
internal sealed class VllmModel(SimulatorOptions options) : TextModel(Configure(options))
{
    private static readonly OutputTensor Text = ResponseSink.Tensor("text_output", "BYTES", 1);
    private static readonly OutputTensor FinishReason = ResponseSink.Tensor("finish_reason", "BYTES", 1);
    private static readonly OutputTensor InputTokens = ResponseSink.Tensor("num_input_tokens", "UINT32");
    private static readonly OutputTensor OutputTokens = ResponseSink.Tensor("num_output_tokens", "UINT32", 1);
    private static readonly ByteString Running = TensorWriter.Text("None");
    private static readonly ByteString OneToken = TensorWriter.Int32(1);

    private static readonly string[] Additional =
        ["finish_reason", "cumulative_logprob", "logprobs", "num_input_tokens", "num_output_tokens"];

    private readonly TritonRelease _release = TritonRelease.Parse(options.TritonRelease);

    protected override string ErrorText(string text)
    {
        return "Error generating stream: " + text;
    }

    protected override string WhenTooLong(int tokens, int limit)
    {
        return $"The decoder prompt (length {tokens}) is longer than the maximum model length of {limit}. Make sure that "
            + "`max_model_len` is no smaller than the number of text tokens.";
    }

    protected override (TextRequest? Request, string? Error) Read(InferenceRun run)
    {
        var parameters = run.Input("sampling_parameters") is { } json
            ? VllmSamplingParameters.Parse(json.Text(), _release)
            : VllmSamplingParameters.From(run.Parameters, _release);
        if (run.Input("embedding_request") is not null)
        {
            return (null, "Model vllm_model does not support 'embed' request");
        }

        var stream = run.Flag("stream");
        var exclude = run.Number("exclude_input_in_output") is { } value ? value > 0 : stream;
        if (stream && !exclude)
        {
            return (null, "When streaming, `exclude_input_in_output` = False is not allowed.");
        }

        var images = ImageInputs.OfVllm(run, _release, out var error);
        if ((error ?? parameters.Error) is { } problem)
        {
            return (null, problem);
        }

        return (new TextRequest
        {
            Prompt = run.Text("text_input"),
            MaxTokens = parameters.MaxTokens,
            MinTokens = parameters.MinTokens,
            IgnoreEnd = parameters.IgnoreEos,
            Stops = parameters.Stops,
            Guide = parameters.Guide,
            Images = images,
            SkipSpecialTokens = parameters.SkipSpecialTokens,
            KeepStop = parameters.KeepStop,
            Stream = stream,
            EchoPrompt = !exclude,
            Returns = Additional.Where(name => run.Flag("return_" + name)).ToHashSet(),
            Logprobs = parameters.Logprobs,
        }, null);
    }

    protected override void Write(InferenceRun run, Generation generation, ByteString text)
    {
        var sink = run.Sink;
        sink.Add(Text, text);
        var returns = generation.Request.Returns;
        if (returns.Count == 0)
        {
            return;
        }

        if (returns.Contains("finish_reason"))
        {
            sink.Add(FinishReason, generation.IsLast ? TensorWriter.Text(generation.Answer.FinishReason) : Running);
        }

        if (returns.Contains("cumulative_logprob"))
        {
            var sum = generation.Request.Logprobs is null
                ? float.NaN
                : Logprobs.PerToken * (generation.First + generation.OutputTokens);
            sink.Add("cumulative_logprob", "FP32", [1], TensorWriter.Single(sum));
        }

        if (returns.Contains("logprobs"))
        {
            var json = generation.Request.Logprobs is { } alternatives
                ? Logprobs.Json(generation, alternatives)
                : "null"u8.ToArray();
            sink.Add("logprobs", "BYTES", [1], TensorWriter.Bytes(json));
        }

        if (returns.Contains("num_input_tokens"))
        {
            sink.Add(InputTokens, TensorWriter.Int32(generation.Answer.PromptTokens));
        }

        if (returns.Contains("num_output_tokens"))
        {
            var tokens = generation.OutputTokens;
            sink.Add(OutputTokens, tokens == 1 ? OneToken : TensorWriter.Int32(tokens));
        }
    }

    private static ModelConfig Configure(SimulatorOptions options)
    {
        var release = TritonRelease.Parse(options.TritonRelease).Number;
        return new ModelConfig
        {
            Name = "vllm_model",
            Backend = "vllm",
            Runtime = "model.py",
            ModelTransactionPolicy = new ModelTransactionPolicy { Decoupled = true },
        }
            .WithInputs("""
                text_input                STRING 1 REQ
                image                     STRING -1 2412..
                stream                    BOOL 1
                sampling_parameters       STRING 1
                exclude_input_in_output   BOOL 1
                return_finish_reason      BOOL 1 2412..
                return_cumulative_logprob BOOL 1 2412..
                return_logprobs           BOOL 1 2412..
                return_num_input_tokens   BOOL 1 2412..
                return_num_output_tokens  BOOL 1 2412..
                embedding_request         STRING 1 2511..
                """, release)
            .WithOutputs("""
                text_output        STRING -1
                finish_reason      STRING -1 2412..
                cumulative_logprob FP32 -1 2412..
                logprobs           STRING -1 2412..
                num_input_tokens   UINT32 1 2412..
                num_output_tokens  UINT32 -1 2412..
                """, release);
    }
}
