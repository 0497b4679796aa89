using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Configuration;

public sealed class EnvironmentTests
{
    private const string Document = """
        backends:
          gpu-1: { kind: triton, url: http://a:8001, headers: { X-Team: red } }
          odd: { url: http://o, paths: { /v1/audio/speech: http://s } }
        models:
          llama-3.1-8b: { targets: [ { backend: gpu-1, model: ensemble }, { backend: odd } ] }
          "gpt-*": { targets: [ { backend: odd } ] }
          gpt: { targets: [ { backend: odd } ] }
        """;

    [Fact]
    public void Segment_names_an_entry_whatever_its_case_and_signs()
    {
        var model = Loaded.Model(
            Document,
            ("AIROUTER__BACKENDS__GPU_1__URL", "http://b:8001"),
            ("AIROUTER__backends__gpu_1__Connections", "4"),
            ("AIROUTER__BACKENDS__GPU_1__HEADERS__X_TEAM", "blue"),
            ("AIROUTER__BACKENDS__ODD__PATHS___V1_AUDIO_SPEECH", "http://t"),
            ("AIROUTER__MODELS__LLAMA_3_1_8B__TARGETS__0__WEIGHT", "7"),
            ("AIROUTER__MODELS__GPT____MAXN", "2"),
            ("AIROUTER__MODELS__GPT__MAXN", "3"),
            ("AIROUTER__SERVER__MAXBODYMIB", "128"));

        var gpu = model.Backends["gpu-1"];
        Assert.Equal("http://b:8001/", gpu.Config.Url.ToString());
        Assert.Equal(4, gpu.Config.Connections);
        Assert.Equal("blue", Assert.Single(gpu.Headers).Value);
        Assert.Equal("http://t/", model.Backends["odd"].Config.Paths["/v1/audio/speech"].ToString());
        Assert.Equal(7, model.Config.Models["llama-3.1-8b"].Targets[0].Weight);
        Assert.Equal("ensemble", model.Config.Models["llama-3.1-8b"].Targets[0].Model);
        Assert.Equal(2, model.Config.Models["gpt-*"].MaxN);
        Assert.Equal(3, model.Config.Models["gpt"].MaxN);
        Assert.Equal(128, model.Config.Server.MaxBodyMiB);
        Assert.Equal(3, model.Config.Models.Count);
    }

    [Fact]
    public void Router_is_configured_by_environment_alone()
    {
        var variables = new Dictionary<string, string>
        {
            ["AIROUTER__BACKENDS__GPU__KIND"] = "triton",
            ["AIROUTER__BACKENDS__GPU__URL"] = "http://triton:8001",
            ["AIROUTER__BACKENDS__OPENAI"] = "{ url: https://api.openai.com/v1, apiKey: env:AIROUTER_SECRET_OPENAI }",
            ["AIROUTER__MODELS__LLAMA__TARGETS__10__BACKEND"] = "openai",
            ["AIROUTER__MODELS__LLAMA__TARGETS__0__BACKEND"] = "gpu",
            ["AIROUTER__MODELS__LLAMA__TARGETS__1__BACKEND"] = "openai",
            ["AIROUTER__MODELS__LLAMA__OPERATIONS"] = "[chat]",
            ["AIROUTER__MODELS__LLAMA__PARAMETERS__FORCE__TOP_K"] = "5",
            ["AIROUTER__DEFAULTS__CHAT"] = "llama",
            ["AIROUTER_SECRET_OPENAI"] = "sk-1",
        };
        var source = RouterConfigurationSource.FromEnvironment(variables) with { File = "/none/airouter.yaml" };
        var wrong = RouterConfigurationLoader.Load(source);
        var right = RouterConfigurationLoader.Load(source with
        {
            Environment = variables.Where(v => !v.Key.Contains("__10__", StringComparison.Ordinal)).ToDictionary(),
        });

        Assert.Contains("must be the number of an item, from 0 to 2", Assert.Single(wrong.Problems).ToString(), StringComparison.Ordinal);
        Assert.Empty(right.Problems);
        Assert.Equal("sk-1", right.Model!.Backends["openai"].Credential.Secret);
        Assert.Equal(["gpu", "openai"], right.Model.Models.All[0].Targets.Select(t => t.Backend.Name));
        Assert.Equal("5", right.Model.Config.Models["llama"].Parameters.Force["top_k"]!.ToJsonString());
    }

    [Fact]
    public void Whole_document_comes_from_a_variable()
    {
        var variables = new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = Document,
            ["AIROUTER_CONFIG"] = "/none",
            ["AIROUTER__SERVER__KEEPALIVE"] = "3",
        };
        var load = RouterConfigurationLoader.Load(RouterConfigurationSource.FromEnvironment(variables));

        Assert.Equal(3, load.Model!.Config.Server.KeepAlive);
        Assert.Null(RouterConfigurationSource.FromEnvironment(variables, "named.yaml").Yaml);
    }

    [Fact]
    public void Other_variables_of_ours_are_not_overrides() =>
        Loaded.Model(Document, ("AIROUTER_DATA", "/x"), ("AIROUTER_ADMIN_KEY", "x"), ("AIROUTER_SECRET__A", "x"), ("AIROUTER_PORT", "x"));

    [Fact]
    public void Empty_value_takes_a_key_back_to_its_default()
    {
        var model = Loaded.Model(
            Document, ("AIROUTER__BACKENDS__GPU_1__HEADERS", ""), ("AIROUTER__MODELS__LLAMA_3_1_8B__TARGETS__0__MODEL", ""));

        Assert.Empty(model.Backends["gpu-1"].Headers);
        Assert.Null(model.Config.Models["llama-3.1-8b"].Targets[0].Model);
    }

    [Fact]
    public void Object_adds_and_list_replaces()
    {
        var model = Loaded.Model(
            Document,
            ("AIROUTER__BACKENDS__GPU_1", "{ connections: 8, headers: { X-More: 'yes' } }"),
            ("AIROUTER__MODELS__LLAMA_3_1_8B__TARGETS", "[ { backend: odd, model: m } ]"),
            ("AIROUTER__MODELS__LLAMA_3_1_8B__TARGETS__0__MODEL", "n"));

        Assert.Equal("http://a:8001/", model.Backends["gpu-1"].Config.Url.ToString());
        Assert.Equal(["X-More", "X-Team"], model.Backends["gpu-1"].Headers.Select(h => h.Key));
        Assert.Equal("n", Assert.Single(model.Config.Models["llama-3.1-8b"].Targets).Model);
    }

    [Fact]
    public void String_stays_what_it_is_where_a_string_is_wanted()
    {
        var model = Loaded.Model(Document, ("AIROUTER__MODELS__LLAMA_3_1_8B__TARGETS__0__MODEL", "[1]: 'x' # no"));

        Assert.Equal("[1]: 'x' # no", model.Config.Models["llama-3.1-8b"].Targets[0].Model);
    }

    [Theory]
    [InlineData("AIROUTER__BACKENDS__A_B__URL", "http://x", "backends: the name fits \"a-b\" and \"a.b\": only one of them can be meant")]
    [InlineData("AIROUTER__SERVER__MAXBODY", "1", "server: there is no key \"MAXBODY\" (did you mean \"maxBodyMiB\"?)")]
    [InlineData("AIROUTER__SEVER__X", "1", "there is no key \"SEVER\" (did you mean \"server\"?)")]
    [InlineData("AIROUTER__SERVER__KEEPALIVE__X", "1", "server.keepAlive: is a single value: there is nothing below it")]
    [InlineData("AIROUTER__SERVER__KEEPALIVE", "soon", "server.keepAlive: must be a number, not \"soon\"")]
    [InlineData("AIROUTER__SERVER", "{ a: ", "server: this is not YAML")]
    [InlineData("AIROUTER__MODELS__M__TARGETS__X__BACKEND", "a", "\"X\" must be the number of an item")]
    [InlineData("AIROUTER__BACKENDS__NEW__KIND", "triton", "backends.new: url is missing")]
    [InlineData("AIROUTER__BACKENDS__A_C__APIKEY", "sk-very-secret", "backends.a-c.apiKey: must not be the key itself")]
    [InlineData("AIROUTER__", "x", "there is no key \"\"")]
    public void Wrong_variable_is_told_by_name_and_never_by_secret(string name, string value, string message)
    {
        const string document = """
            backends: { a-b: { url: http://a }, a.b: { url: http://b }, a-c: { url: http://c } }
            models: { m: { targets: [ { backend: a-b } ] } }
            """;

        var problem = Loaded.Problems(document, (name, value))[0];

        Assert.Contains(message, problem, StringComparison.Ordinal);
        Assert.EndsWith($"[environment variable {name}]", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-very-secret", problem, StringComparison.Ordinal);
    }
}
