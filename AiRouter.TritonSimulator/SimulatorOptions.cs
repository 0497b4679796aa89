using System.Security.Cryptography.X509Certificates;

namespace AiRouter.TritonSimulator;

/// <summary>
/// What a simulated Triton is like. In the process every member comes from the environment: <c>SIM__</c> and the member's
/// name, for example <c>SIM__TokenDelayMs=20</c> or <c>SIM__UnloadedModels__0=bge</c>.
/// </summary>
public sealed class SimulatorOptions
{
    /// <summary>The TensorRT-LLM release whose tensors <c>ensemble</c> and <c>tensorrt_llm_bls</c> have, from v0.5.0 on.</summary>
    public string Release { get; set; } = "v0.20.0";

    /// <summary>
    /// The release of Triton's container, from 24.03 on: the server's version, and what <c>vllm_model</c> takes (images
    /// and counters from 24.12, guided_decoding from 25.01, structured_outputs and embedding_request from 25.11).
    /// </summary>
    public string TritonRelease { get; set; } = "25.06";

    /// <summary>The parameter add_special_tokens of <c>preprocessing</c>; the simulator's own tokens have no BOS.</summary>
    public bool AddSpecialTokens { get; set; } = true;

    /// <summary>
    /// The parameter skip_special_tokens of <c>postprocessing</c>: false leaves <c>[[special:…]]</c> in the text.
    /// </summary>
    public bool SkipSpecialTokens { get; set; } = true;

    /// <summary>False: the engine of <c>ensemble</c> and <c>tensorrt_llm_bls</c> was set up without guided decoding.</summary>
    public bool GuidedDecoding { get; set; } = true;

    /// <summary>Images that one prompt of <c>vllm_model</c> may have; 0 is a model that sees nothing.</summary>
    public int MaxImages { get; set; } = 4;

    /// <summary>False: <c>tensorrt_llm_bls</c> has no encoder for images.</summary>
    public bool Multimodal { get; set; } = true;

    /// <summary>The parameter accumulate_tokens of <c>tensorrt_llm_bls</c>: cumulative text when true, else deltas.</summary>
    public bool AccumulateTokens { get; set; } = true;

    /// <summary>False makes <c>ensemble</c>, <c>tensorrt_llm_bls</c> and <c>tensorrt_llm</c> models without streaming.</summary>
    public bool Decoupled { get; set; } = true;

    /// <summary>Numbers per embedding of the model <c>bge</c>.</summary>
    public int EmbeddingDimensions { get; set; } = 384;

    /// <summary>The largest batch that <c>bge</c> takes.</summary>
    public int EmbeddingBatchSize { get; set; } = 32;

    /// <summary>True makes <c>whisper_bls</c> send its text word by word, all so far each time.</summary>
    public bool WhisperDecoupled { get; set; }

    /// <summary>Prompt tokens that a model takes; a longer prompt gets the error of its engine.</summary>
    public int MaxInputTokens { get; set; } = 1_000_000;

    /// <summary>Milliseconds before each token. The prompt's <c>[[delay:MS]]</c> goes first.</summary>
    public int TokenDelayMs { get; set; }

    /// <summary>Milliseconds before the first token. The prompt's <c>[[start:MS]]</c> goes first.</summary>
    public int StartDelayMs { get; set; }

    /// <summary>The share of requests, 0 to 1, that fail with an error before the first token.</summary>
    public double ErrorRate { get; set; }

    /// <summary>The share of requests, 0 to 1, whose RPC is reset after the first token.</summary>
    public double ResetRate { get; set; }

    /// <summary>The share of requests, 0 to 1, that produce one token and then nothing more.</summary>
    public double HangRate { get; set; }

    /// <summary>Seed of the rates above, so that a run can be repeated.</summary>
    public int FaultSeed { get; set; } = 1;

    /// <summary>Models that are in the repository but not loaded at the start.</summary>
    public IList<string> UnloadedModels { get; } = [];

    /// <summary>Models that cannot be loaded, with the words of an engine for which the GPU has no room.</summary>
    public IList<string> BrokenModels { get; } = [];

    /// <summary>Milliseconds that loading a model takes.</summary>
    public int LoadDelayMs { get; set; }

    /// <summary>Model control mode explicit: RepositoryModelLoad and Unload work over gRPC.</summary>
    public bool ExplicitModelControl { get; set; } = true;

    /// <summary>Whether requests are kept for <see cref="SimulatedTriton.Requests"/>.</summary>
    public bool RecordRequests { get; set; } = true;

    /// <summary>How many requests are kept; the oldest go first.</summary>
    public int MaxRecordedRequests { get; set; } = 4096;

    /// <summary>A header that every RPC must carry (Triton's restricted protocols), for example triton-grpc-protocol-key.</summary>
    public string? RestrictedHeader { get; set; }

    /// <summary>The value of <see cref="RestrictedHeader"/>.</summary>
    public string? RestrictedValue { get; set; }

    /// <summary>The port of the HTTP/1.1 health and metrics pages; null is none, 0 any free port.</summary>
    public int? HttpPort { get; set; }

    /// <summary>One more port of those pages, where a real Triton has its metrics (8002); null is none.</summary>
    public int? MetricsPort { get; set; }

    /// <summary>The server's certificate: TLS instead of h2c. Only in process.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>With <see cref="Certificate"/>: clients must show a certificate, any.</summary>
    public bool RequireClientCertificate { get; set; }
}
