using System.ClientModel;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using OpenAI;

/// <summary>Compares embeddings by cosine similarity: texts with each other, or (-M, -U) each text at two models or servers.</summary>
internal static class Embeddings
{
    /// <summary>Embeds and compares.</summary>
    public static async Task RunAsync(CommandLine line)
    {
        var texts = line.Words is [] ? ["a cat", "a kitten", "a bill"] : line.Words;
        var model = line['m'] ?? "bge";
        var here = await EmbedAsync(line.Url, line.Key, model, texts);
        if (line['M'] is null && line['U'] is null)
        {
            for (var one = 0; one < texts.Count; one++)
            {
                for (var other = one + 1; other < texts.Count; other++)
                {
                    Console.WriteLine($"{Similarity(here[one], here[other]):F4}  {texts[one]} | {texts[other]}");
                }
            }

            return;
        }

        var otherUrl = line['U'] is { } url ? new Uri(url) : line.Url;
        var there = await EmbedAsync(otherUrl, line['K'] ?? line.Key, line['M'] ?? model, texts);
        for (var i = 0; i < texts.Count; i++)
        {
            Console.WriteLine($"{Similarity(here[i], there[i]):F4}  {texts[i]}");
        }
    }

    private static async Task<IReadOnlyList<float[]>> EmbedAsync(Uri url, string key, string model, IEnumerable<string> texts)
    {
        using var generator = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = url })
            .GetEmbeddingClient(model)
            .AsIEmbeddingGenerator();
        var watch = Stopwatch.StartNew();
        var answer = await generator.GenerateAsync(texts);
        var vectors = answer.Select(embedding => embedding.Vector.ToArray()).ToList();
        Console.Error.WriteLine(
            $"{model}: {vectors.Count} embeddings of {vectors[0].Length} dimensions in {watch.Elapsed.TotalMilliseconds:F0} ms");
        return vectors;
    }

    private static double Similarity(float[] one, float[] other) => one.Length == other.Length
        ? Dot(one, other) / Math.Sqrt(Dot(one, one) * Dot(other, other))
        : throw new ArgumentException($"{one.Length} and {other.Length} dimensions cannot be compared");

    private static double Dot(float[] one, float[] other) => one.Zip(other, (a, b) => (double)a * b).Sum();
}
