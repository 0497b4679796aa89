namespace AiRouter.Api.Commands;

/// <summary>
/// Reads arguments: a command, options before or after it (<c>--name value</c> or <c>--name=value</c>), one operand.
/// </summary>
internal sealed class CommandLine
{
    private CommandLine()
    {
    }

    public Command? Command { get; private set; }

    public Dictionary<string, string> Options { get; } = new(StringComparer.Ordinal);

    public string? Operand { get; private set; }

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    /// <summary>One sentence, when the arguments make no sense.</summary>
    public string? Problem { get; private set; }

    public static CommandLine Read(IReadOnlyList<string> arguments, IReadOnlyList<Command> commands)
    {
        var line = new CommandLine();
        for (var i = 0; i < arguments.Count && line.Problem is null; i++)
        {
            var argument = arguments[i];
            if (argument is "--help" or "-h")
            {
                line.WantsHelp = true;
            }
            else if (argument is "--version")
            {
                line.WantsVersion = true;
            }
            else if (argument.StartsWith('-') && argument.Length > 1)
            {
                i += line.ReadOption(argument, i + 1 < arguments.Count ? arguments[i + 1] : null);
            }
            else
            {
                line.ReadWord(argument, commands);
            }
        }

        line.Command ??= commands[0];
        line.Problem ??= line.ForeignOption(commands);
        return line;
    }

    // Gives how many arguments more it took.
    private int ReadOption(string argument, string? next)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        name = name == "-c" ? CommandTable.ConfigOption : name;
        var value = equals < 0 ? next : argument[(equals + 1)..];
        if (!CommandTable.AllOptions.Any(o => o.Name == name))
        {
            Problem = $"there is no option {name}; --help lists them all";
        }
        else if (string.IsNullOrEmpty(value))
        {
            Problem = $"the option {name} needs a value";
        }
        else if (!Options.TryAdd(name, value))
        {
            Problem = $"the option {name} is given twice";
        }

        return equals < 0 ? 1 : 0;
    }

    private void ReadWord(string word, IReadOnlyList<Command> commands)
    {
        if (Command is null)
        {
            Command = commands.FirstOrDefault(c => c.Name == word);
            Problem = Command is null
                ? $"there is no command \"{word}\" (there are: {string.Join(", ", commands.Select(c => c.Name))})"
                : null;
        }
        else if (Command.Operand is null || Operand is not null)
        {
            // Not shown: it may be a key.
            Problem = $"{Command.Name} takes {(Command.Operand is null ? "no argument" : "one argument")}";
        }
        else
        {
            Operand = word;
        }
    }

    private string? ForeignOption(IReadOnlyList<Command> commands)
    {
        var foreign = Options.Keys.FirstOrDefault(
            o => o != CommandTable.ConfigOption && !Command!.Options.Any(own => own.Name == o));
        return foreign is null
            ? null
            : $"{Command!.Name} has no option {foreign}, only " +
              string.Join(", ", commands.Where(c => c.Options.Any(o => o.Name == foreign)).Select(c => c.Name));
    }
}
