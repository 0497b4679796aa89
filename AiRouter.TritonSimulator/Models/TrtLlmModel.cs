using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Guides;
using AiRouter.TritonSimulator.Scripts;
using AiRouter.TritonSimulator.Services;
using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;
using OutputTensor = AiRouter.Triton.Contract.ModelInferResponse.Types.InferOutputTensor;

namespace AiRouter.TritonSimulator.Models;

/// <summary>What <c>ensemble</c> and <c>tensorrt_llm_bls</c> share: the inputs, and the engine's outputs.</summary>
internal abstract class TrtLlmModel(ModelConfig config, int release) : TextModel(config)
{
    private static readonly OutputTensor Text = ResponseSink.Tensor("text_output", "BYTES", 1, 1);
    private static readonly ByteString Nothing = TensorWriter.Single(0);

    /// <summary>Whether a streamed text has everything before it.</summary>
    protected virtual bool Cumulative => false;

    /// <summary>Why the backend refuses the number of tokens asked for.</summary>
    protected abstract string WhenMaxTokensWrong(int maxTokens);

    /// <summary>The images of a request, or why they cannot be read.</summary>
    protected virtual IReadOnlyList<ReceivedImage> Images(InferenceRun run, out string? error)
    {
        error = null;
        return [];
    }

    protected override (TextRequest? Request, string? Error) Read(InferenceRun run)
    {
        var maxTokens = (int)(run.Number("max_tokens") ?? 0);
        if (maxTokens <= 0)
        {
            return (null, WhenMaxTokensWrong(maxTokens));
        }

        var stream = run.Flag("stream");
        if (stream && !Config.ModelTransactionPolicy.Decoupled)
        {
            return (null, "Streaming is only supported if model is deployed using decoupled mode.");
        }

        if (run.Input("text_input")?.Shape[0] > 1)
        {
            return (null, "the simulator generates for one prompt per request");
        }

        if (run.Flag("return_context_logits") || run.Flag("return_generation_logits"))
        {
            return (null, "the simulator has no logits");
        }

        var images = Images(run, out var error);
        var guide = error is null ? EngineGuide.Read(run, out error) : null;
        if (error is not null)
        {
            return (null, error);
        }

        return (new TextRequest
        {
            Prompt = run.Text("text_input"),
            Guide = guide,
            Images = images,
            SkipSpecialTokens = run.Options.SkipSpecialTokens,
            MaxTokens = maxTokens,
            MinTokens = (int)(run.Number("min_tokens") ?? run.Number("min_length") ?? 0),
            Stops = [.. Words(run, "stop_words")],
            StopsAreTokens = true,
            Stream = stream,
            EchoPrompt = !stream && !run.Flag("exclude_input_in_output"),
            Cumulative = stream && Cumulative,
            Sequences = stream ? (int)Math.Max(1, run.Number("num_return_sequences") ?? 1) : 1,
            Beams = (int)Math.Max(1, run.Number("beam_width") ?? 1),
            Returns = Returns(run),
        }, null);
    }

    protected override void Write(InferenceRun run, Generation generation, ByteString text)
    {
        var sink = run.Sink;
        var request = generation.Request;
        sink.Add(
            request.Beams == 1 ? Text : ResponseSink.Tensor("text_output", "BYTES", 1, request.Beams),
            text);
        WriteLogProbs(sink, generation);
        if (request.Sequences > 1)
        {
            sink.Add("sequence_index", "INT32", [1, 1], TensorWriter.Int32(generation.Sequence));
        }

        if (request.Returns.Count > 0)
        {
            WriteCounters(sink, generation, run);
        }
    }

    private static IEnumerable<string> Words(InferenceRun run, string name)
    {
        return run.Input(name) is { } input
            ? input.Elements().Where(word => !word.IsEmpty).Select(word => System.Text.Encoding.UTF8.GetString(word.Span))
            : [];
    }

    private static HashSet<string> Returns(InferenceRun run)
    {
        HashSet<string> returns = [];
        foreach (var input in run.Inputs)
        {
            if (input.Name.StartsWith("return_", StringComparison.Ordinal) && run.Flag(input.Name))
            {
                returns.Add(input.Name["return_".Length..]);
            }
        }

        return returns;
    }

    /// <summary>Releases before 0.12 send zeros though nobody asked.</summary>
    private void WriteLogProbs(ResponseSink sink, Generation generation)
    {
        var asked = generation.Request.Returns.Contains("log_probs");
        if (!asked && release is < 6 or >= 12)
        {
            return;
        }

        var beams = generation.Request.Beams;
        var count = generation.Count;
        var total = new float[beams];
        var each = new float[beams * count];
        if (asked)
        {
            Array.Fill(total, Logprobs.PerToken * (generation.First + count));
            Array.Fill(each, Logprobs.PerToken);
        }

        sink.Add("cum_log_probs", "FP32", [1, beams], TensorWriter.Single(total));
        sink.Add("output_log_probs", "FP32", [1, beams, count], TensorWriter.Single(each));
    }

    private static void WriteCounters(ResponseSink sink, Generation generation, InferenceRun run)
    {
        var request = generation.Request;
        if (request.Returns.Contains("perf_metrics") && generation.IsLast)
        {
            var now = run.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
            foreach (var name in (string[])["arrival", "first_scheduled", "first_token", "last_token"])
            {
                sink.Add(name + "_time_ns", "INT64", [1, 1], TensorWriter.Int64(now));
            }

            sink.Add("acceptance_rate", "FP32", [1, 1], Nothing);
        }

        if ((request.Returns.Contains("perf_metrics") || request.Returns.Contains("kv_cache_reuse_stats"))
            && generation.IsLast)
        {
            var blocks = 1 + (generation.Answer.PromptTokens / 64);
            sink.Add("kv_cache_alloc_new_blocks", "INT32", [1, 1], TensorWriter.Int32(blocks));
            sink.Add("kv_cache_reused_blocks", "INT32", [1, 1], TensorWriter.Int32(0));
            sink.Add("kv_cache_alloc_total_blocks", "INT32", [1, 1], TensorWriter.Int32(blocks));
        }

        if (request.Returns.Contains("num_input_tokens"))
        {
            sink.Add("num_input_tokens", "INT32", [1, 1], TensorWriter.Int32(generation.Answer.PromptTokens));
        }

        if (request.Returns.Contains("num_output_tokens"))
        {
            // Over the beams, and with the prompt when it is echoed.
            var tokens = generation.OutputTokens + (request.EchoPrompt ? generation.Answer.PromptTokens : 0);
            sink.Add("num_output_tokens", "INT32", [1, 1], TensorWriter.Int32(tokens * request.Beams));
        }
    }
}
