using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AiRouter.Api.Commands;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Commands.Import;

/// <summary>What <c>import</c> made of something.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">The configuration.</param>
/// <param name="Error">The notes.</param>
internal sealed partial record ImportRun(int Code, string Output, string Error)
{
    /// <summary>The file of <c>Samples</c>.</summary>
    public static string Sample(string name) => Path.Combine(Folder(), "Samples", name);

    /// <summary>Runs the command.</summary>
    public static Task<ImportRun> RunAsync(params IReadOnlyList<string> arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs the command with variables.</summary>
    public static async Task<ImportRun> RunAsync(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandTable.RunAsync(["import", .. arguments], new CommandContext
        {
            Options = new Dictionary<string, string>(),
            Environment = environment,
            Input = TextReader.Null,
            Output = output,
            Error = error,
        });
        return new ImportRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Imports a text as a file.</summary>
    public static async Task<ImportRun> OfTextAsync(string name, string text, params IReadOnlyList<string> options)
    {
        var folder = Directory.CreateTempSubdirectory("airouter-import-");
        try
        {
            var file = Path.Combine(folder.FullName, name);
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            var run = await RunAsync([file, .. options]);
            return run with { Error = run.Error.Replace(folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal) };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Imports a configuration of LiteLLM's with rows of its keys.</summary>
    public static async Task<ImportRun> WithKeysAsync(string yaml, string rows)
    {
        var keys = Path.Combine(Path.GetTempPath(), $"airouter-import-{Guid.NewGuid():N}.json");
        try
        {
            await File.WriteAllTextAsync(keys, rows, TestContext.Current.CancellationToken);
            return await OfTextAsync("c.yaml", yaml, "--keys", keys);
        }
        finally
        {
            File.Delete(keys);
        }
    }

    /// <summary>What was made, which must have been.</summary>
    public RouterConfig Read()
    {
        Assert.True(Code == 0, Error);
        return WrittenConfiguration.OfYaml(Output, "x").Config!;
    }

    /// <summary>Values for all variables that the configuration refers to: what it says of each, told apart by their names.</summary>
    public Dictionary<string, string> Secrets() => Reference().Matches(Output).Select(static m => m.Groups[1].Value)
        .Distinct(StringComparer.Ordinal).ToDictionary(static name => name, static name => $"value-of-{name}");

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex("env:(AIROUTER_SECRET_[A-Z0-9_]+)")]
    private static partial Regex Reference();
}
