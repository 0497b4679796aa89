using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Prompting;
using AiRouter.Tests.Fuzz;

namespace AiRouter.Tests.Commands.Import;

/// <summary>Files that somebody edited badly: a configuration that passes, or one sentence.</summary>
public sealed class ImportFuzzTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-import-fuzz-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(
        "litellm.yaml", "litellm", "model_name: ", "litellm_params: ", "&a ", "*vllm", "<<: ", "- ", "{", "}", "[", "]", ": ", "null",
        "-1", "1e999", "'*'", "os.environ/", "\n", "\t", "fallbacks: [{ a: [b] }]\n", "weight: 0\n", "models: []")]
    [InlineData(
        "bifrost.json", "bifrost", "\"keys\":", "{", "}", "[", "]", ",", "null", "-1", "1e99", "\"*\"", "\"\"", "env.", "\"weight\": 0",
        "\\ud800", "\"models\": []", "\"providers\":", "\"value\": {}")]
    [InlineData(
        "ai-router.toml", "toverainc", "[models.embeddings]\n", "[[backends]]\n", "= ", "\"", "'", "{", "}", "[", "]", ".", "true", "-1",
        "1e99", "1979-05-27", "\n", "\\u0000", "\"\"\"", "default = true\n", "a.b.c = 1\n")]
    public Task Edited_sample_is_imported_or_refused(string name, string product, params string[] pieces)
    {
        var corpus = new[] { File.ReadAllBytes(ImportRun.Sample(name)) };
        var file = Path.Combine(_folder.FullName, name);
        return Fuzzer.RunAsync(
            corpus,
            [.. pieces.Select(Encoding.UTF8.GetBytes)],
            (512 << 20, 200_000),
            (input, _) =>
            {
                File.WriteAllBytes(file, input);
                var run = ImportRun.RunAsync(file, "--from", product).GetAwaiter().GetResult();
                Assert.InRange(run.Code, 0, 2);
                Assert.Equal(run.Code == 0, run.Output.Length > 0);
                if (run.Code == 0)
                {
                    var load = RouterConfigurationLoader.Load(new RouterConfigurationSource
                    {
                        Yaml = run.Output,
                        ReadsReferences = false,
                        Assets = ModelAssets.Instance,
                    });
                    Assert.Empty(load.Problems);
                }
                else
                {
                    Assert.NotEmpty(run.Error);
                }
            });
    }
}
