using System.Text;

namespace AiRouter.Core.Stores;

/// <summary>
/// A Lua script of this project, kept in a file of its own beside the code that runs it (<c>Limits/reserve.lua</c>). Before its
/// text stands <c>Stores/prelude.lua</c>, which gives it <c>now</c> (the store's own clock, milliseconds since 1970), <c>args</c>
/// (the caller's arguments) and the refusal to run after its deadline (R41).
/// </summary>
/// <remarks>
/// Two Lua dialects run them: 5.1 (Redis) and 5.4 (Garnet). Write integers with <c>string.format('%.0f', x)</c>, never with
/// <c>tostring</c>: 5.4 prints 2.0 where 5.1 prints 2. Numbers are doubles: exact up to 2^53.
/// </remarks>
public sealed class StoreScript
{
    private static readonly string Prelude = Read("Stores/prelude.lua");

    /// <summary>Reads the script.</summary>
    /// <param name="path">Its place in this project, such as <c>Limits/reserve.lua</c>.</param>
    /// <param name="libraries">Files with functions for it, which stand in front of it.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public StoreScript(string path, params string[] libraries)
    {
        Path = path;
        Text = Prelude + string.Concat(libraries.Select(Read)) + Read(path);
    }

    /// <summary>Its place in this project.</summary>
    public string Path { get; }

    /// <summary>What the store runs.</summary>
    public string Text { get; }

    private static string Read(string path)
    {
        using var stream = typeof(StoreScript).Assembly.GetManifestResourceStream(path)
            ?? throw new ArgumentException($"There is no script {path}.", nameof(path));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
