using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration.Schema;

/// <summary>
/// The types of the document. They are found from property to property, which a compiler that leaves out what nobody names cannot
/// follow: so each is named here.
/// </summary>
internal static class DocumentTypes
{
    private static readonly FrozenDictionary<Type, DocumentType> Named = new DocumentType[]
    {
        new DocumentType<string>(), new DocumentType<Uri>(), new DocumentType<JsonNode>(), new DocumentType<FallbackReason>(),
        new DocumentType<RouterConfig>(), new DocumentType<ServerConfig>(), new DocumentType<TlsConfig>(),
        new DocumentType<RequestLogConfig>(), new DocumentType<MeteringConfig>(), new DocumentType<StoreConfig>(),
        new DocumentType<DefaultsConfig>(), new DocumentType<GlobalLimitsConfig>(), new DocumentType<LimitsConfig>(),
        new DocumentType<BudgetConfig>(), new DocumentType<PriceConfig>(), new DocumentType<KeyConfig>(),
        new DocumentType<KeyModelConfig>(), new DocumentType<BackendConfig>(), new DocumentType<TimeoutsConfig>(),
        new DocumentType<ProbeConfig>(), new DocumentType<BreakerConfig>(), new DocumentType<LoadSignalConfig>(),
        new DocumentType<ModelConfig>(), new DocumentType<TargetConfig>(), new DocumentType<TokenLimitConfig>(),
        new DocumentType<ParametersConfig>(), new DocumentType<LoraConfig>(), new DocumentType<PromptConfig>(),
        new DocumentType<QueueConfig>(), new DocumentType<RetryConfig>(), new DocumentType<FallbackConfig>(),
        new DocumentType<StickyConfig>(), new DocumentType<PrefixConfig>(), new DocumentType<RealtimeConfig>(),
        new DocumentType<ResponsesConfig>(), new DocumentType<TranscriptionsConfig>(),
    }.ToFrozenDictionary(static t => t.Type);

    /// <summary>Whether the table names it.</summary>
    public static bool Has(Type type) => Named.ContainsKey(type);

    /// <summary>What is made of a type.</summary>
    /// <exception cref="InvalidOperationException">The table has not got it, and native code can make nothing of it.</exception>
    public static DocumentType Of(Type type) => Named.TryGetValue(type, out var named) ? named
        : RuntimeFeature.IsDynamicCodeSupported ? Make(type)
        : throw new InvalidOperationException($"{type} is not among the types of the document");

    // Admin has records of its own (what it is asked with), and is not compiled ahead of time.
    [UnconditionalSuppressMessage("Trimming", "IL2071", Justification = "Where code is made at run time, nothing is left out.")]
    [RequiresDynamicCode("The type is known at run time only.")]
    private static DocumentType Make(Type type) =>
        (DocumentType)Activator.CreateInstance(typeof(DocumentType<>).MakeGenericType(type))!;
}
