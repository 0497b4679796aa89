using System.Globalization;
using AiRouter.Benchmarks.Load;

namespace AiRouter.Benchmarks.Soak;

/// <summary>What is asked, one request after the other; the same seed asks the same.</summary>
internal sealed class SoakTraffic(int seed)
{
    private static readonly string[] Breaks =
    [
        "[[error]]", "[[error-after:3]]", "[[reset-after:2]]", "[[drop-after:4]]", "[[close-after:3]]", "[[malformed-after:2]]",
        "[[status:UNAVAILABLE]]", "[[hang]]", "[[hang-after:3]]",
    ];

    private readonly Random _random = new(seed);
    private readonly TextSource _texts = new(new Random(seed + 1));
    private int _count;

    /// <summary>The next request.</summary>
    public LoadRequest Next()
    {
        var kind = _random.NextDouble();
        return kind switch
        {
            < 0.02 => Wrong(),
            < 0.035 => Text(SoakConfiguration.Broken) with { Words = Breaks[_random.Next(Breaks.Length)] + "[[delay:1]]" },
            < 0.05 => Text(SoakConfiguration.Passing) with { MayBeMissing = true },
            < 0.15 => Embedding(),
            < 0.22 => Text(SoakConfiguration.Queued) with { Words = "[[start:60]]" },
            _ => Text(SoakConfiguration.TextModels[_random.Next(SoakConfiguration.TextModels.Count)]),
        };
    }

    /// <summary>Requests that must all be answered, when nothing fails any more: each model, streamed and not.</summary>
    public IEnumerable<LoadRequest> Calm(int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var model in SoakConfiguration.TextModels)
            {
                var request = Text(model) with { Manner = ClientManner.Patient, Key = SoakKeys.Steady.Secret, KeyName = SoakKeys.Steady.Name };
                yield return request with { IsStream = i % 2 == 0, WantsUsage = i % 4 == 0 };
            }

            yield return Embedding() with { Key = SoakKeys.Steady.Secret, KeyName = SoakKeys.Steady.Name };
        }
    }

    private LoadRequest Text(string model)
    {
        var id = NextId();
        var key = SoakKeys.All[_random.Next(SoakKeys.All.Count)];
        var isStream = _random.Next(2) == 0;
        var manner = _random.NextDouble() switch { < 0.05 => ClientManner.Leaving, < 0.08 => ClientManner.Slow, _ => ClientManner.Patient };
        return new LoadRequest
        {
            Id = id,
            Operation = _random.Next(4) == 0 ? LoadOperation.Completion : LoadOperation.Chat,
            Model = model,
            Key = key.Secret,
            KeyName = key.Name,
            Text = _texts.Next(id, _random.Next(3, _random.Next(10) == 0 ? 200 : 30)),
            Words = $"[[delay:{_random.Next(3)}]]",
            IsStream = isStream,
            WantsUsage = isStream && _random.Next(2) == 0,
            MaxTokens = _random.Next(5) == 0 ? _random.Next(1, 40) : 1024,
            User = string.Create(CultureInfo.InvariantCulture, $"user-{_random.Next(50)}"),
            Manner = manner,
            LeavesAfter = _random.Next(1, 150),
        };
    }

    private LoadRequest Embedding()
    {
        var id = NextId();
        var key = SoakKeys.All[_random.Next(SoakKeys.All.Count)];
        return new LoadRequest
        {
            Id = id,
            Operation = LoadOperation.Embedding,
            Model = SoakConfiguration.Embedding,
            Key = key.Secret,
            KeyName = key.Name,
            Text = _texts.Next(id, _random.Next(3, 60)),
        };
    }

    /// <summary>What is refused whatever the state of backends and store.</summary>
    private LoadRequest Wrong()
    {
        var request = Text("chat-robin") with
        {
            Key = SoakKeys.Steady.Secret,
            KeyName = SoakKeys.Steady.Name,
            Manner = ClientManner.Patient,
        };
        return _random.Next(4) switch
        {
            0 => request with { Key = "sk-soak-nobodys", KeyName = null, RefusedWith = 401 },
            1 => request with { Key = null, KeyName = null, RefusedWith = 401 },
            2 => request with { Model = "no-such-model", RefusedWith = 404 },
            _ => request with { IsGarbage = true, RefusedWith = 400 },
        };
    }

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"q{seed}x{++_count:D7}");
}
