using System.Text.RegularExpressions;
using AiRouter.Core.Configuration;
using AiRouter.Prompting;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Configuration;

public sealed partial class SampleTests
{
    [Fact]
    public void Sample_serves_the_simulator_on_loopback_without_keys()
    {
        var load = RouterConfigurationLoader.Load(new RouterConfigurationSource
        {
            File = Path.Combine(Checkout.Root, "airouter.yaml"),
            IsFileNamed = true,
            Assets = ModelAssets.Instance,
        });

        Assert.Empty(load.Problems);
        var model = load.Model!;
        Assert.Equal("http://localhost:8001/", Assert.Single(model.Backends).Value.Config.Url.ToString());
        Assert.Equal(["bge", "llama-3.1-8b", "tensorrt_llm_bls", "vllm_model", "whisper"], model.Models.All.Select(m => m.Name));
        Assert.Equal("ensemble", model.Models.Resolve(null, Operations.Chat)!.Model.Targets[0].Config.Model);
        Assert.Equal(0, model.Keys.Count);
        Assert.Equal(AuthenticationMode.Auto, model.Config.Server.Authentication);
    }

    [Fact]
    public void What_the_sample_shows_in_comments_is_right_too()
    {
        var lines = Checkout.Read("airouter.yaml").Split('\n');
        // What is YAML in a comment is a key with a value or an item of a list; prose has neither.
        var all = lines.Skip(1).Select(l => Example().Replace(l, "$1$2"));
        var text = string.Join('\n', all).Replace("sha256:…", "sha256:" + new string('0', 64), StringComparison.Ordinal)
            .Replace("/certs/ca.pem", Certificates.Authority(), StringComparison.Ordinal);

        var model = Loaded.Model(text, ("AIROUTER_SECRET_OPENAI", "x"));

        Assert.Equal(3, model.Backends.Count);
        Assert.Equal(7, model.Models.All.Count);
        Assert.Equal(1, model.Keys.Count);
        Assert.Single(model.Config.Defaults.Accept);
    }

    [GeneratedRegex("""^( *)# ( *(?:- )?(?:"gpt-\*"|[a-z][A-Za-z0-9.-]*):(?: .*)?| *- \{.*)$""")]
    private static partial Regex Example();
}
