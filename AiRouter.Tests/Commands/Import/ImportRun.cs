using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AiRouter.Api.Commands;

namespace AiRouter.Tests.Commands.Import;

/// <summary>What <c>import</c> made of something.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">The configuration.</param>
/// <param name="Error">The notes.</param>
internal sealed partial record ImportRun(int Code, string Output, string Error)
{
    /// <summary>The file of <c>Samples</c>.</summary>
    public static string Sample(string name, [CallerFilePath] string caller = "") =>
        Path.Combine(Path.GetDirectoryName(caller)!, "Samples", name);

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

    /// <summary>Values for all variables that the configuration refers to: what it says of each, told apart by their names.</summary>
    public Dictionary<string, string> Secrets() => Reference().Matches(Output).Select(static m => m.Groups[1].Value)
        .Distinct(StringComparer.Ordinal).ToDictionary(static name => name, static name => $"value-of-{name}");

    [GeneratedRegex("env:(AIROUTER_SECRET_[A-Z0-9_]+)")]
    private static partial Regex Reference();
}
