using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AiRouter.Benchmarks.Peers;

/// <summary>The router's configuration in a comparison.</summary>
internal static class RouterConfiguration
{
    /// <summary>The client's key.</summary>
    public const string Key = "sk-air-bench";

    // Far above what is measured: each is counted, none refuses.
    private const string Limits = "limits: { requestsPerMinute: 10000000, tokensPerMinute: 1000000000000, concurrent: 1000000 }";

    /// <summary>In front of an OpenAI-compatible backend.</summary>
    /// <param name="upstream">Its port.</param>
    /// <param name="models">So many models beside <c>chat</c>, named <c>chat-0</c> and so on; every tenth is a
    /// wildcard.</param>
    /// <param name="keys">So many keys beside the first.</param>
    public static string OpenAi(int upstream, int models = 0, int keys = 0)
    {
        var text = Begin();
        text.AppendLine(CultureInfo.InvariantCulture, $"backends: {{ up: {{ kind: openai, url: \"http://127.0.0.1:{upstream}/v1\" }} }}");
        text.AppendLine("models:");
        Model("chat");
        for (var i = 0; i < models; i++)
        {
            Model(string.Create(CultureInfo.InvariantCulture, $"chat-{i}"));
            if (i % 10 == 0)
            {
                Model(string.Create(CultureInfo.InvariantCulture, $"other-{i}-*"));
            }
        }

        return Keys(text, keys);

        void Model(string name) => text.AppendLine(
            $"  \"{name}\": {{ targets: [{{ backend: up, model: up-model }}], price: {{ input: 1, output: 3 }}, "
            + "limits: { concurrent: 1000000, requestsPerMinute: 10000000 } }");
    }

    /// <summary>In front of a Triton with a generating model and one for embeddings.</summary>
    /// <param name="triton">Its port.</param>
    public static string Triton(int triton)
    {
        var text = Begin();
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            backends: { triton: { kind: triton, url: "http://127.0.0.1:{{triton}}" } }
            models:
              chat: { targets: [{ backend: triton, model: ensemble }], promptFormat: none, price: { input: 1, output: 3 }, limits: { requestsPerMinute: 10000000 } }
              embed: { targets: [{ backend: triton, model: bge }], operations: [embeddings], price: { input: 1 }, limits: { requestsPerMinute: 10000000 } }
            """);
        return Keys(text, 0);
    }

    private static StringBuilder Begin() => new StringBuilder()
        .AppendLine("server: { authentication: required }")
        .AppendLine("limits: { concurrent: 1000000, requestsPerMinute: 10000000, tokensPerMinute: 1000000000000 }");

    private static string Keys(StringBuilder text, int more)
    {
        text.AppendLine("keys:");
        Add("bench", Key);
        for (var i = 0; i < more; i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            Add("bench-" + number, Key + "-" + number);
        }

        return text.ToString();

        void Add(string name, string key) => text.AppendLine(
            $"  - {{ name: {name}, hash: \"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}\", {Limits} }}");
    }
}
