using System.Globalization;
using AiRouter.Core.Configuration;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Configuration;

/// <summary>Which model answers for a name, however many models there are.</summary>
[MemoryDiagnoser]
public class ModelResolverBenchmarks
{
    private ModelResolver _resolver = null!;

    /// <summary>Models of each kind: with a whole name, <c>family-0001-*</c> and <c>*-variant-0001</c>.</summary>
    [Params(1, 1000)]
    public int Models { get; set; }

    /// <summary>Makes them.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var names = Enumerable.Range(0, Models).Select(i => i.ToString("0000", CultureInfo.InvariantCulture))
            .SelectMany(i => new[] { $"model-{i}", $"family-{i}-*", $"*-variant-{i}" });
        _resolver = new ModelResolver(
            names.Select(name => new RoutedModel(name, new ModelConfig(), [])),
            new Dictionary<string, string> { [Operations.Chat] = "model-0000" }, ["gpt-*"]);
    }

    /// <summary>A whole name.</summary>
    [Benchmark(Baseline = true)]
    public ResolvedModel? Exact() => _resolver.Resolve("model-0000", Operations.Chat);

    /// <summary>A pattern's beginning fits.</summary>
    [Benchmark]
    public ResolvedModel? Prefix() => _resolver.Resolve("family-0000-large", Operations.Chat);

    /// <summary>A pattern's end fits.</summary>
    [Benchmark]
    public ResolvedModel? Suffix() => _resolver.Resolve("large-variant-0000", Operations.Chat);

    /// <summary>Nothing fits, but the default model stands in.</summary>
    [Benchmark]
    public ResolvedModel? Default() => _resolver.Resolve("gpt-4o", Operations.Chat);

    /// <summary>Nothing fits.</summary>
    [Benchmark]
    public ResolvedModel? Nobody() => _resolver.Resolve("nobody", Operations.Chat);
}
