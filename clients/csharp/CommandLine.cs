/// <summary>Options of one letter, and the words after them.</summary>
/// <param name="Options">By letter; a switch has an empty value.</param>
/// <param name="Words">The rest.</param>
internal sealed record CommandLine(IReadOnlyDictionary<char, string> Options, IReadOnlyList<string> Words)
{
    private const string Switches = "Sn";
    private const string Values = "mukMUKt";

    /// <summary>The value of an option, or null.</summary>
    public string? this[char option] => Options.GetValueOrDefault(option);

    /// <summary>The router, or another server.</summary>
    public Uri Url => new(this['u'] ?? Environment.GetEnvironmentVariable("AIROUTER_URL") ?? "http://127.0.0.1:3000/v1");

    /// <summary>The client key.</summary>
    public string Key => this['k'] ?? Environment.GetEnvironmentVariable("AIROUTER_KEY") ?? "none";

    /// <summary>How many tokens an answer may have; null: as many as the model's default says.</summary>
    public int? Tokens => this['t'] is { } tokens ? int.Parse(tokens) : null;

    /// <summary>What to say.</summary>
    public string Prompt => Words.Count == 0 ? "Hello!" : string.Join(' ', Words);

    /// <summary>What ends a chunk: a new line (<c>-n</c>), or nothing.</summary>
    public string ChunkEnd => Options.ContainsKey('n') ? Environment.NewLine : string.Empty;

    /// <summary>Whether to print the answer as it comes.</summary>
    public bool Stream => Options.ContainsKey('S');

    /// <summary>Reads <c>-S -m model words</c>.</summary>
    public static CommandLine Parse(string[] args)
    {
        var options = new Dictionary<char, string>();
        var next = 0;
        while (next < args.Length && args[next] is ['-', var option] && option != '-')
        {
            next++;
            options[option] = Switches.Contains(option) ? string.Empty
                : Values.Contains(option) && next < args.Length ? args[next++]
                : throw new ArgumentException($"there is no option -{option}, or its value is missing; --help says more");
        }

        if (next < args.Length && args[next] == "--")
        {
            next++;
        }

        return new CommandLine(options, args[next..]);
    }
}
