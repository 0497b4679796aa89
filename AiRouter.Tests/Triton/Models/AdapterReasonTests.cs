using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton.Models;

/// <summary>Why an adapter speaks to a model, in words.</summary>
public sealed class AdapterReasonTests
{
    public static TheoryData<ModelConfig, string, string> Models => new()
    {
        { Configs.VllmModel, "vllm", "Its backend is vllm." },
        { Configs.Parse(Configs.Vllm), "vllm", "It takes text_input and sampling_parameters and no max_tokens, as the vLLM backend does." },
        { Configs.Parse(Configs.LlmApi), "llm-api", "It takes text_input and sampling_param_max_tokens, as TensorRT-LLM's LLM API does." },
        {
            Configs.Parse(Configs.Ensemble), "tensorrt-llm",
            "It takes text_input and max_tokens and gives text_output, as TensorRT-LLM's ensemble and BLS model do."
        },
        {
            Configs.Parse(Configs.Generic), "text",
            "It takes text_input and gives text_output, and has the inputs of no family that AiRouter knows: settings go to it where it " +
            "declares them under TensorRT-LLM's names."
        },
        {
            Configs.Parse("i TEXT STRING 1 REQ\no EMBED FP32 384 REQ"), "embeddings", "It takes TEXT and gives EMBED, a vector of floats."
        },
        {
            Configs.Parse("i input_ids INT64 -1 REQ\ni attention_mask INT64 -1 REQ\no embedding FP16 384 REQ"), "embeddings",
            "It takes input_ids and gives embedding, a vector of floats."
        },
        {
            Configs.Parse("i QUERY STRING 1 REQ\no INPUT_ID INT32 -1 REQ"), "helper",
            "It takes QUERY and gives INPUT_ID: TensorRT-LLM's preprocessing, which an ensemble or BLS model works through."
        },
        {
            Configs.Parse("i input_ids INT32 -1 REQ\ni request_output_len INT32 1 REQ\no output_ids INT32 -1,-1 REQ"), "raw engine",
            "It takes input_ids and request_output_len, tokens and no text: TensorRT-LLM's engine. The ensemble or BLS model in front of it " +
            "takes text."
        },
        {
            Configs.Parse("i text_input STRING 1 REQ\no answer STRING 1 REQ"), "unknown", "It takes text_input, but gives no text_output."
        },
        {
            Configs.Parse("i IMAGE FP32 3,224,224 REQ\no CLASS INT32 1 REQ"), "unknown",
            "A text model takes text_input and gives text_output; an embedding model takes one text or input_ids, and gives one vector of " +
            "floats; a Whisper model takes WAV and TEXT_PREFIX, and gives TRANSCRIPTS. It does none of these."
        },
        {
            Configs.Parse("i TEXT_PREFIX STRING 1 REQ\ni WAV FP32 -1 REQ\no TRANSCRIPTS STRING 1 REQ"), "whisper",
            "It takes WAV and TEXT_PREFIX and gives TRANSCRIPTS, as TensorRT-LLM's Whisper models do."
        },
    };

    [Theory]
    [MemberData(nameof(Models), DisableDiscoveryEnumeration = true)]
    public void Adapter_says_why(ModelConfig config, string adapter, string reason)
    {
        var model = new TritonModel("m", config);

        Assert.Equal((adapter, reason), (model.AdapterName, model.AdapterReason));
    }

    [Fact]
    public async Task Reason_names_the_models_that_it_works_through()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Server.Models["m"].Parameters["accumulate_tokens"] = new ModelParameter { StringValue = "true" };
        triton.Server.Models["preprocessing"] = Configs.Parse("i QUERY STRING 1 REQ\no INPUT_ID INT32 -1 REQ");
        triton.Server.Models["tensorrt_llm"] = Configs.Parse("i input_ids INT32 -1 REQ\no output_ids INT32 -1,-1 REQ");

        var model = await triton.Client.GetModelAsync("m", TestContext.Current.CancellationToken);

        Assert.EndsWith("It works through preprocessing and tensorrt_llm of the same server.", model.AdapterReason, StringComparison.Ordinal);
        Assert.True(model.StreamsAllText);
    }
}
