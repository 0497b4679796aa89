using System.Globalization;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// The tensors of TensorRT-LLM's <c>ensemble</c> and <c>tensorrt_llm_bls</c> from release to release, as their config.pbtxt
/// files had them.
/// </summary>
internal static class TrtLlmTensors
{
    /// <summary>min_tokens, seed and the token counters came after 0.19 (the exact tag is not established).</summary>
    public const int Newest = 20;

    public const string EnsembleInputs = """
        text_input               STRING -1 REQ ..11
        text_input               STRING 1 REQ 12..
        decoder_text_input       STRING -1 11..11
        decoder_text_input       STRING 1 12..
        image_input              FP16 3,224,224 12..12
        max_tokens               UINT32 -1 REQ ..6
        max_tokens               INT32 -1 REQ 7..11
        max_tokens               INT32 1 REQ 12..
        num_return_sequences     INT32 1 14..
        bad_words                STRING -1 REQ ..5
        bad_words                STRING -1 6..
        stop_words               STRING -1 REQ ..5
        stop_words               STRING -1 6..
        exclude_input_in_output  BOOL 1 16..
        end_id                   UINT32 1 ..6
        end_id                   INT32 1 7..
        pad_id                   UINT32 1 ..6
        pad_id                   INT32 1 7..
        top_k                    UINT32 1 ..6
        top_k                    INT32 1 7..
        top_p                    FP32 1
        temperature              FP32 1
        length_penalty           FP32 1
        repetition_penalty       FP32 1
        min_length               UINT32 1 ..6
        min_length               INT32 1 7..19
        min_tokens               INT32 1 20..
        presence_penalty         FP32 1
        frequency_penalty        FP32 1 8..
        random_seed              UINT64 1 ..19
        seed                     UINT64 1 20..
        return_log_probs         BOOL 1 6..
        return_context_logits    BOOL 1 8..
        return_generation_logits BOOL 1 8..
        return_kv_cache_reuse_stats BOOL 1 16..18
        return_perf_metrics      BOOL 1 19..
        return_num_input_tokens  BOOL 1 20..
        return_num_output_tokens BOOL 1 20..
        beam_width               UINT32 1 ..6
        beam_width               INT32 1 7..
        stream                   BOOL 1
        prompt_embedding_table   FP16 -1,-1 6..
        prompt_table_extra_id    UINT64 1 13..
        prompt_vocab_size        UINT32 1 6..6
        prompt_vocab_size        INT32 1 7..
        embedding_bias_words     STRING -1 6..
        embedding_bias_weights   FP32 -1 6..
        lora_task_id             UINT64 1 15..
        lora_weights             FP16 -1,-1 ragged 15..
        lora_config              INT32 -1,3 ragged 15..
        guided_decoding_guide_type STRING 1 ragged 19..
        guided_decoding_guide    STRING 1 ragged 19..
        """;

    /// <summary>What the BLS model has besides, and what it declares in another way.</summary>
    public const string BlsInputs = """
        text_input               STRING -1 REQ ..11
        text_input               STRING 1 REQ 12..
        decoder_text_input       STRING -1 11..11
        decoder_text_input       STRING 1 12..
        image_input              FP16 3,224,224 12..12
        image_input              FP16 3,-1,-1 13..14
        image_input              FP16 -1,3,-1,-1 15..
        image_bytes_input        UINT8 -1,-1,-1,-1 16..
        image_url_input          STRING 1 16..
        video_bytes_input        UINT8 -1,-1,-1,-1 16..
        max_tokens               INT32 -1 REQ ..11
        max_tokens               INT32 1 REQ 12..
        num_return_sequences     INT32 1 reshape[] 14..
        bad_words                STRING -1
        stop_words               STRING -1
        exclude_input_in_output  BOOL 1 16..
        end_id                   INT32 1
        pad_id                   INT32 1
        top_k                    INT32 1
        top_p                    FP32 1
        temperature              FP32 1
        length_penalty           FP32 1
        repetition_penalty       FP32 1
        min_length               INT32 1 ..19
        min_tokens               INT32 1 20..
        presence_penalty         FP32 1
        frequency_penalty        FP32 1 8..
        random_seed              UINT64 1 ..19
        seed                     UINT64 1 20..
        return_log_probs         BOOL 1 ..8
        return_log_probs         BOOL 1 reshape[] 9..
        return_context_logits    BOOL 1 reshape[] 8..
        return_generation_logits BOOL 1 reshape[] 8..
        return_kv_cache_reuse_stats BOOL 1 reshape[] 16..18
        return_perf_metrics      BOOL 1 reshape[] 19..
        return_num_input_tokens  BOOL 1 reshape[] 20..
        return_num_output_tokens BOOL 1 reshape[] 20..
        beam_width               INT32 1
        stream                   BOOL 1
        prompt_embedding_table   FP16 -1,-1
        prompt_table_extra_id    UINT64 1 13..
        prompt_vocab_size        INT32 1
        embedding_bias_words     STRING -1
        embedding_bias_weights   FP32 -1
        num_draft_tokens         INT32 1 9..
        use_draft_logits         BOOL 1 reshape[] 9..
        lora_task_id             UINT64 1 reshape[] 15..
        lora_weights             FP16 -1,-1 ragged 15..
        lora_config              INT32 -1,3 ragged 15..
        guided_decoding_guide_type STRING 1 19..
        guided_decoding_guide    STRING 1 19..
        """;

    public const string Outputs = """
        text_output                 STRING -1,-1 ..5
        text_output                 STRING -1 6..
        cum_log_probs               FP32 -1 6..
        output_log_probs            FP32 -1,-1 6..
        context_logits              FP32 -1,-1 8..
        generation_logits           FP32 -1,-1,-1 8..
        batch_index                 INT32 1 12..
        sequence_index              INT32 1 14..
        kv_cache_alloc_new_blocks   INT32 1 16..
        kv_cache_reused_blocks      INT32 1 16..
        kv_cache_alloc_total_blocks INT32 1 16..
        arrival_time_ns             INT64 1 19..
        first_scheduled_time_ns     INT64 1 19..
        first_token_time_ns         INT64 1 19..
        last_token_time_ns          INT64 1 19..
        acceptance_rate             FP32 1 19..
        total_accepted_draft_tokens INT32 1 19..
        total_draft_tokens          INT32 1 19..
        num_input_tokens            INT32 1 20..
        num_output_tokens           INT32 1 20..
        """;

    /// <summary>The minor version of 0.x; everything from 0.20 and 1.0 on is <see cref="Newest"/>.</summary>
    public static int Release(string version)
    {
        var parts = version.TrimStart('v').Split('.');
        if (parts.Length < 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            || (major == 0 && minor < 5))
        {
            throw new ArgumentException($"'{version}' is no release of TensorRT-LLM from v0.5.0 on.", nameof(version));
        }

        return major > 0 ? Newest : Math.Min(minor, Newest);
    }
}
