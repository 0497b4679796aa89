using AiRouter.Api.Commands;
using AiRouter.Core.Configuration;
using AiRouter.Prompting;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Commands.Import;

/// <summary>Configurations as people have them, one of each product.</summary>
public sealed class ImportGoldenTests
{
    [Theory]
    [InlineData("litellm.yaml")]
    [InlineData("litellm-platform.yaml")]
    [InlineData("bifrost.json")]
    [InlineData("bifrost-platform.json")]
    [InlineData("ai-router.toml")]
    [InlineData("ai-router-platform.toml")]
    public async Task Sample_becomes_this_configuration_with_these_notes(string name)
    {
        var run = await RunAsync(name);

        Assert.Equal(0, run.Code);
        Golden.Equal(name + ".airouter.yaml", run.Output);
        Golden.Equal(name + ".notes.txt", run.Error);
    }

    [Theory]
    [InlineData("litellm.yaml")]
    [InlineData("litellm-platform.yaml")]
    [InlineData("bifrost.json")]
    [InlineData("bifrost-platform.json")]
    [InlineData("ai-router.toml")]
    [InlineData("ai-router-platform.toml")]
    public async Task What_was_made_passes_check(string name)
    {
        var run = await RunAsync(name);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = run.Secrets();
        environment["AIROUTER_CONFIG_YAML"] = run.Output;
        environment["ConnectionStrings__redis"] = "redis:6379";

        var code = await CommandTable.RunAsync(["check"], new CommandContext
        {
            Options = new Dictionary<string, string>(),
            Environment = environment,
            Input = TextReader.Null,
            Output = output,
            Error = error,
        });

        Assert.Equal((0, ""), (code, error.ToString()));
        Assert.Contains("no problems", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("litellm.yaml")]
    [InlineData("litellm-platform.yaml")]
    [InlineData("bifrost.json")]
    [InlineData("bifrost-platform.json")]
    [InlineData("ai-router.toml")]
    [InlineData("ai-router-platform.toml")]
    public async Task No_secret_of_the_file_is_written_anywhere(string name)
    {
        var run = await RunAsync(name);
        var text = await File.ReadAllTextAsync(ImportRun.Sample(name), TestContext.Current.CancellationToken);

        Assert.Contains("secret-of-the-sample", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-sample", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_yaml_is_what_was_written()
    {
        const string written = """
            backends:
              a:
                url: http://a/v1
                headers:
                  X-Plain: value
            models:
              m:
                targets:
                - backend: a

            """;
        var load = RouterConfigurationLoader.Load(new RouterConfigurationSource { Yaml = written, Assets = ModelAssets.Instance });

        Assert.Equal(written, ConfigurationDump.ToShortYaml(load.Document!));
    }

    private static Task<ImportRun> RunAsync(string name) => ImportRun.RunAsync(
        name.StartsWith("litellm", StringComparison.Ordinal)
            ? [ImportRun.Sample(name), "--keys", ImportRun.Sample($"{Path.GetFileNameWithoutExtension(name)}-keys.json")]
            : [ImportRun.Sample(name)]);
}
