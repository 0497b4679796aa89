using AiRouter.Triton.Contract;

namespace AiRouter.Tests.Triton.Fixtures;

/// <summary>
/// Builds model configurations from lines such as <c>i text_input STRING 1 REQ</c>, the notation of the published
/// <c>config.pbtxt</c> listings.
/// </summary>
internal static class Configs
{
    public const string Ensemble = """
        i text_input STRING 1 REQ
        i max_tokens INT32 1 REQ
        i bad_words STRING -1 opt
        i stop_words STRING -1 opt
        i exclude_input_in_output BOOL 1 opt
        i top_k INT32 1 opt
        i top_p FP32 1 opt
        i temperature FP32 1 opt
        i min_tokens INT32 1 opt
        i repetition_penalty FP32 1 opt
        i presence_penalty FP32 1 opt
        i frequency_penalty FP32 1 opt
        i seed UINT64 1 opt
        i return_num_input_tokens BOOL 1 opt
        i return_num_output_tokens BOOL 1 opt
        i lora_task_id UINT64 1 opt
        i stream BOOL 1 opt
        o text_output STRING -1 REQ
        o num_input_tokens INT32 1 REQ
        o num_output_tokens INT32 1 REQ
        """;

    public const string Vllm = """
        i text_input STRING 1 REQ
        i stream BOOL 1 opt
        i sampling_parameters STRING 1 opt
        i exclude_input_in_output BOOL 1 opt
        i return_finish_reason BOOL 1 opt
        i return_cumulative_logprob BOOL 1 opt
        i return_logprobs BOOL 1 opt
        i return_num_input_tokens BOOL 1 opt
        i return_num_output_tokens BOOL 1 opt
        o text_output STRING -1 REQ
        o finish_reason STRING -1 REQ
        o logprobs STRING -1 REQ
        o num_input_tokens UINT32 1 REQ
        o num_output_tokens UINT32 -1 REQ
        """;

    public const string LlmApi = """
        i text_input STRING -1 REQ
        i streaming BOOL 1 opt
        i sampling_param_temperature FP32 1 opt
        i sampling_param_top_k INT32 1 opt
        i sampling_param_top_p FP32 1 opt
        i sampling_param_frequency_penalty FP32 1 opt
        i sampling_param_presence_penalty FP32 1 opt
        i sampling_param_max_tokens INT32 1 opt
        i sampling_param_stop STRING -1 opt
        i sampling_param_seed UINT64 1 opt
        i sampling_param_exclude_input_from_output BOOL 1 opt
        i return_finish_reason BOOL 1 opt
        i lora_id UINT64 1 opt
        i lora_name STRING 1 opt
        i lora_path STRING 1 opt
        o text_output STRING -1 REQ
        o finish_reason STRING -1 REQ
        """;

    public const string Generic = """
        i text_input STRING 1 REQ
        o text_output STRING 1 REQ
        """;

    public static ModelConfig VllmModel => Parse(Vllm, maxBatchSize: 0, backend: "vllm");

    public static ModelConfig Parse(
        string lines, int maxBatchSize = 8, bool isDecoupled = true, string platform = "", string backend = "python")
    {
        var config = new ModelConfig
        {
            Platform = platform,
            Backend = platform.Length > 0 ? string.Empty : backend,
            MaxBatchSize = maxBatchSize,
            ModelTransactionPolicy = new ModelTransactionPolicy { Decoupled = isDecoupled },
        };
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Add(config, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return config;
    }

    private static void Add(ModelConfig config, string[] words)
    {
        var dims = words[3].Split(',').Select(dim => long.Parse(dim, System.Globalization.CultureInfo.InvariantCulture));
        var type = words[2].StartsWith('$') ? DataType.TypeFp32 : Enum.Parse<DataType>("Type" + words[2], ignoreCase: true);
        if (words[0] == "i")
        {
            var input = new ModelInput { Name = words[1], DataType = type, Optional = words[4] == "opt" };
            input.Dims.AddRange(dims);
            config.Input.Add(input);
        }
        else
        {
            var output = new ModelOutput { Name = words[1], DataType = type };
            output.Dims.AddRange(dims);
            config.Output.Add(output);
        }
    }
}
