using AiRouter.Triton.Contract;

namespace AiRouter.Tests.Triton.Fixtures;

/// <summary>
/// The inputs and outputs of TensorRT-LLM's models, release by release: what the first one had, then what each added
/// (+), removed (-) and changed (~), from the published <c>config.pbtxt</c> files.
/// </summary>
internal static class TensorRtLlmReleases
{
    /// <summary>After v0.19 the files moved to another repository, and settings got new names.</summary>
    public const string Newest = "main";

    private const string Ensemble = """
        v0.5.0 BASE
        i text_input STRING -1 REQ
        i max_tokens UINT32 -1 REQ
        i bad_words STRING -1 REQ
        i stop_words STRING -1 REQ
        i end_id UINT32 1 opt
        i pad_id UINT32 1 opt
        i top_k UINT32 1 opt
        i top_p FP32 1 opt
        i temperature FP32 1 opt
        i length_penalty FP32 1 opt
        i repetition_penalty FP32 1 opt
        i min_length UINT32 1 opt
        i presence_penalty FP32 1 opt
        i random_seed UINT64 1 opt
        i beam_width UINT32 1 opt
        i stream BOOL 1 opt
        o text_output STRING -1,-1 REQ
        v0.6.1
        + i return_log_probs BOOL 1 opt
        + i prompt_embedding_table FP16 -1,-1 opt
        + i prompt_vocab_size UINT32 1 opt
        + i embedding_bias_words STRING -1 opt
        + i embedding_bias_weights FP32 -1 opt
        + o cum_log_probs FP32 -1 REQ
        + o output_log_probs FP32 -1,-1 REQ
        ~ i bad_words STRING -1 REQ -> STRING -1 opt
        ~ i stop_words STRING -1 REQ -> STRING -1 opt
        ~ o text_output STRING -1,-1 REQ -> STRING -1 REQ
        v0.7.2
        ~ i max_tokens UINT32 -1 REQ -> INT32 -1 REQ
        ~ i end_id UINT32 1 opt -> INT32 1 opt
        ~ i pad_id UINT32 1 opt -> INT32 1 opt
        ~ i top_k UINT32 1 opt -> INT32 1 opt
        ~ i min_length UINT32 1 opt -> INT32 1 opt
        ~ i beam_width UINT32 1 opt -> INT32 1 opt
        ~ i prompt_vocab_size UINT32 1 opt -> INT32 1 opt
        v0.8.0
        + i frequency_penalty FP32 1 opt
        + i return_context_logits BOOL 1 opt
        + i return_generation_logits BOOL 1 opt
        + o context_logits FP32 -1,-1 REQ
        + o generation_logits FP32 -1,-1,-1 REQ
        v0.11.0
        + i decoder_text_input STRING -1 opt
        v0.12.0
        + i image_input FP16 3,224,224 opt
        + o batch_index INT32 1 REQ
        ~ i text_input STRING -1 REQ -> STRING 1 REQ
        ~ i decoder_text_input STRING -1 opt -> STRING 1 opt
        ~ i max_tokens INT32 -1 REQ -> INT32 1 REQ
        v0.13.0
        + i prompt_table_extra_id UINT64 1 opt
        - i image_input
        v0.14.0
        + i num_return_sequences INT32 1 opt
        + o sequence_index INT32 1 REQ
        v0.15.0
        + i lora_task_id UINT64 1 opt
        + i lora_weights FP16 -1,-1 opt ragged
        + i lora_config INT32 -1,3 opt ragged
        v0.16.0
        + i exclude_input_in_output BOOL 1 opt
        + i return_kv_cache_reuse_stats BOOL 1 opt
        + o kv_cache_alloc_new_blocks INT32 1 REQ
        + o kv_cache_reused_blocks INT32 1 REQ
        + o kv_cache_alloc_total_blocks INT32 1 REQ
        v0.17.0
        ~ o context_logits FP32 -1,-1 REQ -> ${logits_datatype} -1,-1 REQ
        ~ o generation_logits FP32 -1,-1,-1 REQ -> ${logits_datatype} -1,-1,-1 REQ
        v0.19.0
        + i return_perf_metrics BOOL 1 opt
        + i guided_decoding_guide_type STRING 1 opt ragged
        + i guided_decoding_guide STRING 1 opt ragged
        + o arrival_time_ns INT64 1 REQ
        + o first_scheduled_time_ns INT64 1 REQ
        + o first_token_time_ns INT64 1 REQ
        + o last_token_time_ns INT64 1 REQ
        + o acceptance_rate FP32 1 REQ
        + o total_accepted_draft_tokens INT32 1 REQ
        + o total_draft_tokens INT32 1 REQ
        - i return_kv_cache_reuse_stats
        main
        - i min_length
        - i random_seed
        + i min_tokens INT32 1 opt
        + i seed UINT64 1 opt
        + i return_num_input_tokens BOOL 1 opt
        + i return_num_output_tokens BOOL 1 opt
        + o num_input_tokens INT32 1 REQ
        + o num_output_tokens INT32 1 REQ
        """;

    private const string Bls = """
        v0.7.2 BASE
        i text_input STRING -1 REQ
        i max_tokens INT32 -1 REQ
        i bad_words STRING -1 opt
        i stop_words STRING -1 opt
        i end_id INT32 1 opt
        i pad_id INT32 1 opt
        i top_k INT32 1 opt
        i top_p FP32 1 opt
        i temperature FP32 1 opt
        i length_penalty FP32 1 opt
        i repetition_penalty FP32 1 opt
        i min_length INT32 1 opt
        i presence_penalty FP32 1 opt
        i random_seed UINT64 1 opt
        i return_log_probs BOOL 1 opt
        i beam_width INT32 1 opt
        i stream BOOL 1 opt
        i prompt_embedding_table FP16 -1,-1 opt
        i prompt_vocab_size INT32 1 opt
        i embedding_bias_words STRING -1 opt
        i embedding_bias_weights FP32 -1 opt
        o text_output STRING -1 REQ
        o cum_log_probs FP32 -1 REQ
        o output_log_probs FP32 -1,-1 REQ
        v0.8.0
        + i frequency_penalty FP32 1 opt
        + i return_context_logits BOOL 1 opt reshape[]
        + i return_generation_logits BOOL 1 opt reshape[]
        + o context_logits FP32 -1,-1 REQ
        + o generation_logits FP32 -1,-1,-1 REQ
        v0.9.0
        + i num_draft_tokens INT32 1 opt
        + i use_draft_logits BOOL 1 opt reshape[]
        ~ i return_log_probs BOOL 1 opt -> BOOL 1 opt reshape[]
        v0.11.0
        + i decoder_text_input STRING -1 opt
        v0.12.0
        + i image_input FP16 3,224,224 opt
        + o batch_index INT32 1 REQ
        ~ i text_input STRING -1 REQ -> STRING 1 REQ
        ~ i decoder_text_input STRING -1 opt -> STRING 1 opt
        ~ i max_tokens INT32 -1 REQ -> INT32 1 REQ
        v0.13.0
        + i prompt_table_extra_id UINT64 1 opt
        ~ i image_input FP16 3,224,224 opt -> FP16 3,-1,-1 opt
        v0.14.0
        + i num_return_sequences INT32 1 opt reshape[]
        + o sequence_index INT32 1 REQ
        v0.15.0
        + i lora_task_id UINT64 1 opt reshape[]
        + i lora_weights FP16 -1,-1 opt ragged
        + i lora_config INT32 -1,3 opt ragged
        ~ i image_input FP16 3,-1,-1 opt -> FP16 -1,3,-1,-1 opt
        v0.16.0
        + i image_bytes_input UINT8 -1,-1,-1,-1 opt
        + i image_url_input STRING 1 opt
        + i video_bytes_input UINT8 -1,-1,-1,-1 opt
        + i exclude_input_in_output BOOL 1 opt
        + i return_kv_cache_reuse_stats BOOL 1 opt reshape[]
        + o kv_cache_alloc_new_blocks INT32 1 REQ
        + o kv_cache_reused_blocks INT32 1 REQ
        + o kv_cache_alloc_total_blocks INT32 1 REQ
        v0.17.0
        ~ o context_logits FP32 -1,-1 REQ -> ${logits_datatype} -1,-1 REQ
        ~ o generation_logits FP32 -1,-1,-1 REQ -> ${logits_datatype} -1,-1,-1 REQ
        v0.19.0
        + i return_perf_metrics BOOL 1 opt reshape[]
        + i guided_decoding_guide_type STRING 1 opt
        + i guided_decoding_guide STRING 1 opt
        + o arrival_time_ns INT64 1 REQ
        + o first_scheduled_time_ns INT64 1 REQ
        + o first_token_time_ns INT64 1 REQ
        + o last_token_time_ns INT64 1 REQ
        + o acceptance_rate FP32 1 REQ
        + o total_accepted_draft_tokens INT32 1 REQ
        + o total_draft_tokens INT32 1 REQ
        - i return_kv_cache_reuse_stats
        main
        - i min_length
        - i random_seed
        + i min_tokens INT32 1 opt
        + i seed UINT64 1 opt
        + i return_num_input_tokens BOOL 1 opt
        + i return_num_output_tokens BOOL 1 opt
        + o num_input_tokens INT32 1 REQ
        + o num_output_tokens INT32 1 REQ
        """;

    public static ModelConfig EnsembleOf(string release) => Configs.Parse(Replay(Ensemble, release), platform: "ensemble");

    public static ModelConfig BlsOf(string release) => Configs.Parse(Replay(Bls, release));

    /// <summary>Applies the changes up to and including a release.</summary>
    private static string Replay(string history, string release)
    {
        var tensors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var isReached = false;
        foreach (var line in history.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            if (words[0] is not ("i" or "o" or "+" or "-" or "~"))
            {
                if (isReached)
                {
                    break;
                }

                isReached = words[0] == release;
                continue;
            }

            Apply(tensors, words);
        }

        Assert.True(isReached, $"There is no release {release}.");
        return string.Join('\n', tensors.Values);
    }

    private static void Apply(SortedDictionary<string, string> tensors, string[] words)
    {
        var change = words[0];
        var tensor = change is "i" or "o" ? words : words[1..];
        var key = $"{tensor[0]} {tensor[1]}";
        switch (change)
        {
            case "-":
                Assert.True(tensors.Remove(key), key);
                break;
            case "~":
                // "~ i name | old -> new": what follows the arrow holds.
                var arrow = Array.IndexOf(tensor, "->");
                tensors[key] = string.Join(' ', [.. tensor[..2], .. tensor[(arrow + 1)..]]);
                break;
            default:
                tensors[key] = string.Join(' ', tensor);
                break;
        }
    }
}
