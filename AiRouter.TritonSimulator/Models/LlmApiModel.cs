using System.Text;
using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Scripts;
using AiRouter.TritonSimulator.Services;
using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;
using OutputTensor = AiRouter.Triton.Contract.ModelInferResponse.Types.InferOutputTensor;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// TensorRT-LLM's LLM API as a Python model, <c>tensorrt_llm</c>: no batch dimension, cumulative text, stop texts cut off,
/// finish and stop reasons on request, no token counters.
/// </summary>
internal sealed class LlmApiModel(SimulatorOptions options) : TextModel(Configure(options))
{
    private const int DefaultMaxTokens = 32;

    private static readonly OutputTensor Text = ResponseSink.Tensor("text_output", "BYTES", 1);
    private static readonly string[] Additional = ["finish_reason", "stop_reason", "cumulative_logprob"];
    private static readonly string[] Lora = ["lora_id", "lora_name", "lora_path"];

    protected override string ErrorText(string text)
    {
        return "Error generating request: " + text;
    }

    protected override (TextRequest? Request, string? Error) Read(InferenceRun run)
    {
        var stream = run.Flag("streaming");
        if (stream && !Config.ModelTransactionPolicy.Decoupled)
        {
            return (null, "Streaming is only supported in decoupled mode.");
        }

        var maxTokens = (int)(run.Number("sampling_param_max_tokens") ?? DefaultMaxTokens);
        if (maxTokens <= 0)
        {
            return (null, $"max_tokens must be greater than 0, got max_tokens={maxTokens}");
        }

        if (Lora.Count(name => run.Input(name) is not null) is 1 or 2)
        {
            return (null, "lora_id, lora_name and lora_path must be given together");
        }

        return (new TextRequest
        {
            Prompt = run.Text("text_input"),
            MaxTokens = maxTokens,
            Stops = [.. Stops(run)],
            Stream = stream,
            Cumulative = stream,
            EchoPrompt = !stream && run.Number("sampling_param_exclude_input_from_output") is 0,
            Returns = Additional.Where(name => run.Flag("return_" + name)).ToHashSet(),
        }, null);
    }

    protected override void Write(InferenceRun run, Generation generation, ByteString text)
    {
        var sink = run.Sink;
        sink.Add(Text, text);
        var returns = generation.Request.Returns;
        if (returns.Contains("finish_reason"))
        {
            var reason = generation.IsLast ? generation.Answer.FinishReason : "None";
            sink.Add("finish_reason", "BYTES", [1], TensorWriter.Text(reason));
        }

        if (returns.Contains("stop_reason"))
        {
            var reason = generation.IsLast ? generation.Answer.Stop ?? "None" : "None";
            sink.Add("stop_reason", "BYTES", [1], TensorWriter.Text(reason));
        }

        if (returns.Contains("cumulative_logprob"))
        {
            var sum = Logprobs.PerToken * (generation.First + generation.OutputTokens);
            sink.Add("cumulative_logprob", "FP32", [1], TensorWriter.Single(sum));
        }
    }

    private static IEnumerable<string> Stops(InferenceRun run)
    {
        return run.Input("sampling_param_stop")?.Elements().Select(stop => Encoding.UTF8.GetString(stop.Span)) ?? [];
    }

    private static ModelConfig Configure(SimulatorOptions options)
    {
        return new ModelConfig
        {
            Name = "tensorrt_llm",
            Backend = "python",
            Runtime = "model.py",
            ModelTransactionPolicy = new ModelTransactionPolicy { Decoupled = options.Decoupled },
        }
            .WithInputs("""
                text_input                               STRING -1 REQ
                image_url                                STRING -1
                streaming                                BOOL 1
                sampling_param_best_of                   INT32 1
                sampling_param_temperature               FP32 1
                sampling_param_top_k                     INT32 1
                sampling_param_top_p                     FP32 1
                sampling_param_frequency_penalty         FP32 1
                sampling_param_presence_penalty          FP32 1
                sampling_param_max_tokens                INT32 1
                sampling_param_stop                      STRING -1
                sampling_param_seed                      UINT64 1
                sampling_param_exclude_input_from_output BOOL 1
                sampling_param_return_perf_metrics       BOOL 1
                sampling_param_logits_post_processor_name STRING 1
                return_finish_reason                     BOOL 1
                return_stop_reason                       BOOL 1
                return_cumulative_logprob                BOOL 1
                stop                                     BOOL 1
                lora_id                                  UINT64 1
                lora_name                                STRING 1
                lora_path                                STRING 1
                lora_ckpt_source                         STRING 1
                """)
            .WithOutputs("""
                text_output                 STRING -1
                finish_reason               STRING -1
                stop_reason                 STRING -1
                cumulative_logprob          FP32 -1
                kv_cache_alloc_new_blocks   INT32 1
                kv_cache_reused_blocks      INT32 1
                kv_cache_alloc_total_blocks INT32 1
                arrival_time_ns             INT64 1
                first_scheduled_time_ns     INT64 1
                first_token_time_ns         INT64 1
                last_token_time_ns          INT64 1
                """);
    }
}
