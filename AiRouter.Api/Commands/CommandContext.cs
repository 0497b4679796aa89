using AiRouter.Core.Configuration;
using AiRouter.Prompting;

namespace AiRouter.Api.Commands;

/// <summary>What a command works with.</summary>
internal sealed record CommandContext
{
    /// <summary>Options that were given, by name with dashes.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The one argument, if given.</summary>
    public string? Operand { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required TextReader Input { get; init; }

    public required TextWriter Output { get; init; }

    /// <summary>Standard output for what must come out byte by byte.</summary>
    public Stream RawOutput { get; init; } = Stream.Null;

    public required TextWriter Error { get; init; }

    /// <summary>Where the configuration comes from, <c>--config</c> included.</summary>
    public RouterConfigurationSource Source =>
        RouterConfigurationSource.FromEnvironment(Environment, Options.GetValueOrDefault(CommandTable.ConfigOption)) with
        {
            Assets = ModelAssets.Instance,
        };

    /// <summary>Loads the configuration; when anything is wrong, says all of it on standard error and gives null.</summary>
    public ConfigurationLoad? Load(RouterConfigurationSource source)
    {
        var load = RouterConfigurationLoader.Load(source);
        if (load.Model is not null)
        {
            return load;
        }

        var count = load.Problems.Count;
        Error.WriteLine($"{source.Name}: {count} {(count == 1 ? "problem" : "problems")}");
        foreach (var problem in load.Problems)
        {
            Error.WriteLine(problem);
        }

        return null;
    }
}
