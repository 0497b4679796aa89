using System.Collections.Frozen;

namespace AiRouter.Core.Configuration;

/// <summary>The names of operations, as models, keys and defaults list them.</summary>
public static class Operations
{
    /// <summary>Chat completions.</summary>
    public const string Chat = "chat";

    /// <summary>Legacy completions.</summary>
    public const string Completions = "completions";

    /// <summary>Embeddings.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>Responses.</summary>
    public const string Responses = "responses";

    /// <summary>Moderations.</summary>
    public const string Moderations = "moderations";

    /// <summary>Image generation, edits and variations.</summary>
    public const string Images = "images";

    /// <summary>Text to speech.</summary>
    public const string Speech = "speech";

    /// <summary>Speech to text.</summary>
    public const string Transcriptions = "transcriptions";

    /// <summary>Speech to English text.</summary>
    public const string Translations = "translations";

    /// <summary>Rerank.</summary>
    public const string Rerank = "rerank";

    /// <summary>Score.</summary>
    public const string Score = "score";

    /// <summary>Realtime sessions, over a WebSocket.</summary>
    public const string Realtime = "realtime";

    /// <summary>Operations that are routed by a model.</summary>
    public static readonly FrozenSet<string> WithModel = FrozenSet.ToFrozenSet(
        [Chat, Completions, Embeddings, Responses, Moderations, Images, Speech, Transcriptions, Translations, Rerank, Score, Realtime],
        StringComparer.Ordinal);

    /// <summary>Operations that reach <see cref="DefaultsConfig.Backend"/>, only for keys that list them (R5).</summary>
    public static readonly FrozenSet<string> WithoutModel = FrozenSet.ToFrozenSet(
        ["files", "uploads", "batches", "fine_tuning", "vector_stores", "containers", "conversations", "skills", "evals",
            "videos", "chatkit", "assistants", "threads", "voices", "stored_chat", "stored_responses"],
        StringComparer.Ordinal);
}
