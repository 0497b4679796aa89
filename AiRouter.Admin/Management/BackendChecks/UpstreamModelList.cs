using System.Text.Json;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>Reads a list of models (<c>GET /models</c>, OpenAI API reference), whatever else a server may send instead.</summary>
internal static class UpstreamModelList
{
    /// <summary>The most models that are kept.</summary>
    public const int Most = 2000;

    private const int MostBytes = 8 * 1024 * 1024;
    private const int LongestName = 256;

    /// <summary>The models; null: it is no such list.</summary>
    public static async Task<UpstreamModels?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (await ReadBytesAsync(content, cancellationToken) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            var list = document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("data", out var data)
                ? data
                : document.RootElement;
            return list.ValueKind == JsonValueKind.Array ? Read(list) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static UpstreamModels? Read(JsonElement list)
    {
        var models = new SortedDictionary<string, UpstreamModel>(StringComparer.Ordinal);
        var isCut = false;
        foreach (var item in list.EnumerateArray())
        {
            if (Text(item, "id") is not { Length: > 0 and <= LongestName } id || id.Any(char.IsControl))
            {
                continue;
            }

            isCut |= models.Count == Most;
            if (!isCut)
            {
                models.TryAdd(id, new UpstreamModel(id, Text(item, "owned_by"), Length(item)));
            }
        }

        // An array of something else is no list of models; an empty one is an empty list.
        return models.Count == 0 && list.GetArrayLength() > 0 ? null : new UpstreamModels([.. models.Values], isCut);
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // vLLM's and SGLang's.
    private static int? Length(JsonElement item) =>
        item.TryGetProperty("max_model_len", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var length) &&
        length > 0
            ? length
            : null;

    private static async Task<byte[]?> ReadBytesAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (buffer.Length + read > MostBytes)
            {
                return null;
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }
}
