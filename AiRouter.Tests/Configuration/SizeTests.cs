using System.Diagnostics;
using System.Text;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Configuration;

public sealed class SizeTests
{
    /// <summary>
    /// The promise is under 1 s. Measured in a Release build on two quiet cores: the whole process of <c>check</c> with such a
    /// file (1.4 MB) takes 0.81 to 0.98 s of wall time, start and compilation included; a second load in the same process
    /// 0.5 s. The bound here only catches what grows out of proportion, because other tests run beside this one.
    /// </summary>
    [Fact]
    public void A_thousand_backends_and_ten_thousand_models_load_quickly()
    {
        var yaml = new StringBuilder("backends:\n");
        for (var i = 0; i < 1024; i++)
        {
            yaml.Append($"  gpu-{i}: {{ kind: triton, url: http://gpu-{i}:8001 }}\n");
        }

        yaml.Append("models:\n");
        for (var i = 0; i < 10_000; i++)
        {
            yaml.Append($"  model-{i}{(i % 100 == 0 ? "-*" : "")}:\n    maxTokens: {{ max: 4096 }}\n    targets:\n");
            yaml.Append($"      - {{ backend: gpu-{i % 1024}, model: m, weight: 2 }}\n      - {{ backend: gpu-{(i + 1) % 1024} }}\n");
        }

        var document = yaml.ToString();
        var times = Enumerable.Range(0, 2).Select(_ => Time(() => Assert.Empty(RouterConfigurationLoader.LoadYaml(document).Problems))).ToList();
        var model = Loaded.Model(document);
        var resolve = Time(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                _ = model.Models.Resolve("model-9999", Operations.Chat);
            }
        });
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{document.Length / 1024} KiB: first load {times[0].TotalMilliseconds:0} ms, second {times[1].TotalMilliseconds:0} ms; " +
            $"10,000 exact names resolved in {resolve.TotalMilliseconds:0.0} ms");

        Assert.True(times[0] < TimeSpan.FromSeconds(30), $"loading took {times[0]}");
    }

    private static TimeSpan Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed;
    }
}
