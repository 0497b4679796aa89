using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Keys;

/// <summary>Whose key a request has, however many keys there are.</summary>
[MemoryDiagnoser]
public class KeyLookupBenchmarks
{
    private const string Secret = "sk-air-0123456789abcdefghijklmnopqrstuvwxyz-0";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(Secret);
    private ClientKeys _keys = new([]);

    /// <summary>How many keys there are.</summary>
    [Params(1, 10_000)]
    public int Keys { get; set; }

    /// <summary>Makes them.</summary>
    [GlobalSetup]
    public void Setup() => _keys = new ClientKeys(Enumerable.Range(0, Keys).Select(Make));

    /// <summary>To compare with: the hash of a secret.</summary>
    [Benchmark(Baseline = true)]
    public int Hash() => SHA256.HashData(_utf8, _hash);

    /// <summary>A key that is known.</summary>
    [Benchmark]
    public ClientKey? Known() => _keys.Match(Secret, Now).Good;

    /// <summary>One that is not.</summary>
    [Benchmark]
    public ClientKey? Unknown() => _keys.Match("sk-air-guessed", Now).Good;

    private static ClientKey Make(int number)
    {
        var secret = Secret[..^1] + number.ToString(CultureInfo.InvariantCulture);
        return ClientKey.From(new KeyConfig
        {
            Name = $"key-{number}",
            Hash = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))),
        });
    }
}
