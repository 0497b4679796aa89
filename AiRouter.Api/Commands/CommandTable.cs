using System.Collections;
using System.Reflection;
using AiRouter.Api.Commands.Import;

namespace AiRouter.Api.Commands;

/// <summary>Everything that the command line can do; the first command is what happens without one.</summary>
internal static class CommandTable
{
    public const string ConfigOption = "--config";

    public static readonly IReadOnlyList<Command> All =
    [
        ServeCommand.Command,
        CheckCommand.Command,
        DumpCommand.Command,
        HashKeyCommand.Command,
        DiscoverCommand.Command,
        ImportCommand.Command,
        RenderCommand.Command,
        RestoreCommand.Command,
        HealthCommand.Command,
    ];

    public static readonly IReadOnlyList<CommandOption> AllOptions =
    [
        new(ConfigOption, "FILE", "the configuration (default: AIROUTER_CONFIG, else airouter.yaml)"),
        .. All.SelectMany(c => c.Options),
    ];

    /// <summary>Runs what the arguments say, on this process's console and environment.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "");
        await using var output = Console.OpenStandardOutput();
        return await RunAsync(arguments, new CommandContext
        {
            Options = new Dictionary<string, string>(),
            Environment = environment,
            Input = Console.In,
            Output = Console.Out,
            RawOutput = output,
            Error = Console.Error,
        });
    }

    /// <summary>Runs what the arguments say; 2 when they make no sense.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandContext context)
    {
        var line = CommandLine.Read(arguments, All);
        if (line.Problem is not null)
        {
            await context.Error.WriteLineAsync($"airouter: {line.Problem}");
            return 2;
        }

        if (line.WantsHelp || line.WantsVersion)
        {
            await context.Output.WriteLineAsync(line.WantsHelp ? Help() : Version());
            return 0;
        }

        try
        {
            return await line.Command!.RunAsync(context with { Options = line.Options, Operand = line.Operand });
        }
        catch (FormatException wrongVariable)
        {
            await context.Error.WriteLineAsync($"airouter: {wrongVariable.Message}");
            return 1;
        }
    }

    private static string Help()
    {
        var commands = All.Select(c => ($"{c.Name} {(c.Operand is null ? "" : $"[{c.Operand}]")}".TrimEnd(), c.Summary));
        var options = AllOptions.Select(o => ($"{o.Name} {o.Value}", o.Summary))
            .Append(("--help", "this text")).Append(("--version", "the version"));
        return $"""
            AiRouter: an OpenAI-compatible router in front of NVIDIA Triton and OpenAI-compatible backends.

            airouter [COMMAND] [OPTIONS]

            Commands:
            {Rows(commands)}

            Options:
            {Rows(options)}
            """;
    }

    private static string Rows(IEnumerable<(string Name, string Summary)> rows) =>
        string.Join(Environment.NewLine, rows.Select(r => $"  {r.Name,-22} {r.Summary}"));

    private static string Version() =>
        typeof(CommandTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
