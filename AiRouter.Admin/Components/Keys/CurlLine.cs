using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Components.Keys;

/// <summary>A command line that tries a key.</summary>
internal static class CurlLine
{
    // Where nobody has said where clients reach a router.
    private static readonly Uri Unknown = new("http://localhost:3000");

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command line, for a shell.</summary>
    /// <param name="key">The key, whose secret it has.</param>
    /// <param name="router">Where clients reach a router; null: not known.</param>
    /// <param name="config">The document: what models there are.</param>
    public static string Of(KeyWithSecret key, Uri? router, RouterConfig config)
    {
        var root = (router ?? Unknown).ToString().TrimEnd('/') + config.Server.BasePath.TrimEnd('/');
        var header = $"-H {Quoted($"Authorization: Bearer {key.Key}")}";
        if (Allows(key, Operations.Chat))
        {
            var message = new JsonObject { ["role"] = "user", ["content"] = "Say hello." };
            return Post("chat/completions", Operations.Chat, new JsonObject { ["messages"] = new JsonArray(message) });
        }

        return Allows(key, Operations.Embeddings)
            ? Post("embeddings", Operations.Embeddings, new JsonObject { ["input"] = "Hello" })
            : $"curl {root}/models \\\n  {header}";

        string Post(string path, string operation, JsonObject body)
        {
            body.Insert(0, "model", Model(key, operation, config) ?? "MODEL");
            return $"curl {root}/{path} \\\n  {header} \\\n  -H 'Content-Type: application/json' \\\n  -d {Quoted(body.ToJsonString(Readable))}";
        }
    }

    private static bool Allows(KeyTerms key, string operation) => key.Operations?.Contains(operation, StringComparer.Ordinal) ?? true;

    private static string? Model(KeyTerms key, string operation, RouterConfig config)
    {
        var allowed = key.Models?.Select(static m => new WildcardPattern(m)).ToList();
        return config.Models
            .Where(m => !m.Key.Contains('*', StringComparison.Ordinal) && (m.Value.Operations?.Contains(operation, StringComparer.Ordinal) ?? true))
            .Select(static m => m.Key)
            .Where(name => allowed is null || allowed.Exists(pattern => pattern.IsMatch(name)))
            .Order(StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
