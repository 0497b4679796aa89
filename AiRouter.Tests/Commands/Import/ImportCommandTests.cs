namespace AiRouter.Tests.Commands.Import;

public sealed class ImportCommandTests
{
    private const string LiteLlm = "model_list: [{ model_name: m, litellm_params: { model: openai/m, api_base: 'http://a/v1' } }]\n";
    private const string Bifrost = """{"providers":{"vllm":{"keys":[{"name":"k","models":["m"],"weight":1,"vllm_key_config":""" +
        """{"url":"http://a"}}]}}}""";
    private const string ToveraInc =
        "[backends.a]\ntype = \"openai\"\nbase_url = \"http://a/v1\"\n[models.chat_completions.m]\nbackend = \"a\"\n";

    [Theory]
    [InlineData("config.yaml", LiteLlm)]
    [InlineData("config.yml", LiteLlm)]
    [InlineData("config", LiteLlm)]
    [InlineData("config.json", Bifrost)]
    [InlineData("config", Bifrost)]
    [InlineData("ai-router.toml", ToveraInc)]
    [InlineData("ai-router.toml.old", ToveraInc)]
    public async Task File_is_recognised_by_how_it_looks(string name, string text)
    {
        var run = await ImportRun.OfTextAsync(name, text);

        Assert.Equal(0, run.Code);
        Assert.Contains("url: http://a/v1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"({name})", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("airouter: import needs a file")]
    [InlineData("airouter: --from is one of litellm, bifrost, toverainc", "x", "--from", "kong")]
    [InlineData("airouter: /nonexistent/x: there is no such file", "/nonexistent/x")]
    [InlineData("airouter: import takes one argument", "x", "y")]
    public async Task Wrong_use_gives_2_and_one_sentence(string sentence, params string[] arguments)
    {
        var run = await ImportRun.RunAsync(arguments);

        Assert.Equal((2, "", sentence + "\n"), (run.Code, run.Output, run.Error));
    }

    [Theory]
    [InlineData("a.yaml", "model_list:\n  - model_name: m\n litellm_params: [secret-1\n", "a.yaml: line 3, column ")]
    [InlineData("a.yaml", "model_list: *secret-1\n", "a.yaml: line 1, column 13: this is not YAML")]
    [InlineData("a.yaml", "model_list: []\n---\nmodel_list: []\n", "a.yaml: line 2, column 1: there is a second document")]
    [InlineData("a.yaml", "", "a.yaml: the file is empty")]
    [InlineData("a.yaml", "- secret-1\n", "a.yaml: names with values were expected")]
    [InlineData(
        "a.yaml", "secret-1: 1\n", "a.yaml: this looks like no configuration of litellm, bifrost, toverainc; --from says whose it is")]
    [InlineData("a.json", "{\n \"providers\": {\"a\": secret-1}\n}", "a.json: line 2, column 21: this is not JSON")]
    [InlineData("a.json", "{\"providers\": \"\\ud800secret-1\"}", "a.json: line 1: this is not JSON")]
    [InlineData("a.toml", "[backends]\na = \"secret-1\n", "a.toml: line 2, column ")]
    [InlineData("a.toml", "[backends]\n[backends]\n", "a.toml: line 2, column ")]
    public async Task Broken_file_gives_2_and_its_place_without_what_stands_there(string name, string text, string sentence)
    {
        var run = await ImportRun.OfTextAsync(name, text);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("airouter: " + sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task File_that_is_no_text_gives_2()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, [0xFF, 0xFE, 0x00], TestContext.Current.CancellationToken);

        var run = await ImportRun.RunAsync(file);

        Assert.Equal((2, $"airouter: {file}: this is not UTF-8 text\n"), (run.Code, run.Error));
        File.Delete(file);
    }

    [Fact]
    public async Task File_without_a_model_that_could_be_imported_gives_1_and_the_notes()
    {
        var run = await ImportRun.OfTextAsync(
            "a.yaml",
            "model_list:\n- { model_name: m, litellm_params: { model: bedrock/x } }\n- { model_name: n }\n- { litellm_params: {} }\n");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(
            "model_list[0].litellm_params.model: not imported: AiRouter does not speak the API of bedrock", run.Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "model_list[1]: not imported: an entry has model_name and litellm_params [a.yaml, line 3]", run.Error,
            StringComparison.Ordinal);
        Assert.EndsWith("airouter: no model of a.yaml can be imported\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_goes_before_how_a_file_looks()
    {
        var run = await ImportRun.OfTextAsync(
            "a.txt", Bifrost.Replace("providers", "other", StringComparison.Ordinal), "--from", "bifrost");

        Assert.Equal(1, run.Code);
        Assert.Contains("other: not imported: AiRouter has nothing like it [a.txt, line 1]", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c.json", Bifrost, "--keys is for LiteLLM only: elsewhere keys are in the file")]
    [InlineData("c.yaml", LiteLlm, "/nonexistent/keys.json: there is no such file")]
    public async Task Keys_that_cannot_be_read_give_2(string name, string text, string sentence)
    {
        var run = await ImportRun.OfTextAsync(name, text, "--keys", "/nonexistent/keys.json");

        Assert.Equal((2, "", $"airouter: {sentence}\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task What_AiRouter_would_refuse_is_taken_out_and_told()
    {
        var run = await ImportRun.OfTextAsync("a.yaml", $$"""
            {{LiteLlm}}
            router_settings: { fallbacks: [{ m: [m, nobody] }] }
            general_settings: { completion_model: nobody }
            """.Replace("[{ model_name", "[{ model_name: \" spaced \", litellm_params: { model: openai/m, api_base: 'ftp://a' } }, " +
            "{ model_name: n, litellm_params: { model: openai/n, api_base: 'http://user:pass-1@b/v1?key=pass-1', " +
            "headers: { 'a b': c } } }, { model_name",
            StringComparison.Ordinal));

        Assert.Equal(0, run.Code);
        Assert.Contains("models:\n  m:\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("  n:\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fallbacks", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("pass-1", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Contains("the fallback \"m\" of \"m\" is not imported", run.Error, StringComparison.Ordinal);
        Assert.Contains("the fallback \"nobody\" of \"m\" is not imported: there is no such model", run.Error, StringComparison.Ordinal);
        Assert.Contains("the backend \"b\" is not imported: this is no name of a header", run.Error, StringComparison.Ordinal);
        Assert.Contains("completion_model: not imported: there is no such model", run.Error, StringComparison.Ordinal);
    }
}
