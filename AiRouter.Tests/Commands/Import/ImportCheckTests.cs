using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Commands.Import;

/// <summary>What AiRouter would refuse is taken out, and nothing else.</summary>
public sealed class ImportCheckTests
{
    private const string Models = """
        model_list:
        - { model_name: m, litellm_params: { model: openai/m, api_base: 'http://a/v1' } }
        - { model_name: n, litellm_params: { model: openai/n, api_base: 'http://a/v1' } }
        """;

    [Theory]
    [InlineData("\" x\", \" y\"", "\"m\"", "\"m\"", "1 2")]
    [InlineData("\"m\"", "\" x\", \" y\"", "\"m\"", "0 2")]
    [InlineData("\" x\", \" y\"", "\" x\", \" y\", \" z\"", "\"m\"", "2")]
    [InlineData("\" x\", \" y\"", "\"m\"", "\" x\"", "1")]
    public async Task Key_with_several_problems_is_taken_out_alone(string first, string second, string third, string left)
    {
        var run = await ImportRun.WithKeysAsync(Models, $"[{Row(0, first)}, {Row(1, second)}, {Row(2, third)}]");

        Assert.Equal(left.Split(' ').Select(static i => $"key-{i}"), run.Read().Keys.Select(static k => k.Name));
        foreach (var i in Enumerable.Range(0, 3))
        {
            var isLeft = left.Contains($"{i}", StringComparison.Ordinal);
            Assert.Equal(isLeft ? 0 : 1, run.Error.Split($"the key \"key-{i}\" is not imported: ").Length - 1);
        }
    }

    [Fact]
    public async Task Keys_with_problems_of_different_kinds_leave_the_others()
    {
        var limit = ", \"model_rpm_limit\": { \" z\": 5 }";
        var run = await ImportRun.WithKeysAsync(
            Models, $"[{Row(0, "\"m\"", limit)}, {Row(1, "\"m\"")}, {Row(2, "\" x\"", limit)}, {Row(3, "\" x\"")}, {Row(4, "\"m\"")}]");

        Assert.Equal(["key-1", "key-4"], run.Read().Keys.Select(static k => k.Name));
    }

    [Fact]
    public async Task Several_fallbacks_of_a_model_are_taken_out_alone()
    {
        var run = await ImportRun.OfTextAsync(
            "c.yaml", $"{Models}\nrouter_settings: {{ fallbacks: [{{ m: [m, n] }}, {{ n: [n, m] }}] }}\n");
        var models = run.Read().Models;

        Assert.Equal(["n"], models["m"].Fallbacks.Select(static f => f.Model));
        Assert.Equal(["m"], models["n"].Fallbacks.Select(static f => f.Model));
    }

    [Theory]
    [InlineData("\\u2028")]
    [InlineData("\\u2029")]
    [InlineData("\\u0085")]
    [InlineData("\\n")]
    [InlineData("\\r")]
    public async Task Name_cannot_add_a_line_to_the_document(string end)
    {
        var run = await ImportRun.OfTextAsync("config.json", $$"""
            { "client": { "enforce_auth_on_inference": false },
              "providers": { "sgl": { "keys": [{ "models": ["a"], "sgl_key_config": { "url": "http://sgl" } }] } },
              "governance": { "virtual_keys": [{ "name": "x{{end}}server: { authentication: none }{{end}}#", "value": "short",
                "provider_configs": [{ "provider": "sgl", "allowed_models": ["a"] }] }] } }
            """);

        Assert.Equal(AuthenticationMode.Auto, run.Read().Server.Authentication);
        Assert.Contains("is short: whoever sees its hash might guess it", run.Output, StringComparison.Ordinal);
        foreach (var line in (run.Output + run.Error).Split('\n', '\r', '\u0085', '\u2028', '\u2029'))
        {
            Assert.False(line.StartsWith("server", StringComparison.Ordinal), line);
        }
    }

    private static string Row(int i, string models, string more = "") =>
        $"{{ \"token\": \"{new string((char)('a' + i), 64)}\", \"key_alias\": \"key-{i}\", \"models\": [{models}]{more} }}";
}
