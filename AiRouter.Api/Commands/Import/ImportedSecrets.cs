using System.Buffers;
using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import;

/// <summary>
/// Gives each secret of the file the name of a variable that it has to be put into. None of them is ever written.
/// </summary>
/// <param name="notes">Takes what is to be done.</param>
/// <param name="marker">How a reference to a variable begins in the file; null: it knows none.</param>
internal sealed class ImportedSecrets(ImportNotes notes, string? marker)
{
    private const string Prefix = "AIROUTER_SECRET_";

    private static readonly string[] Endings = ["_API_KEY", "_KEY", "_TOKEN", "_SECRET"];

    private static readonly HashSet<string> NoSecret = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "EMPTY", "none", "null", "NA", "n/a", "no-key", "not-needed", "not-required", "sk-no-key-required", "dummy", "fake", "fake-key",
    };

    // Anything else behind the marker may be a secret.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    // Secrets and references, which both stay in this process.
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<SourceValue> _told = [];

    /// <summary>The variable that a value refers to, if it is such a reference.</summary>
    public string? VariableOf(string text) =>
        marker is not null && text.StartsWith(marker, StringComparison.Ordinal) && text.Length > marker.Length &&
        text.AsSpan(marker.Length).IndexOfAnyExcept(NameCharacters) < 0
            ? text[marker.Length..]
            : null;

    /// <summary>A reference to the secret of a value; null: it stands for none.</summary>
    /// <param name="value">The secret, or the file's own reference to it.</param>
    /// <param name="otherwise">What the variable is named after when the file names none.</param>
    public string? Reference(SourceValue value, string otherwise)
    {
        if (!value.IsScalar)
        {
            notes.Add(value, "not imported: a text was expected here");
            return null;
        }

        if (NoSecret.Contains(value.Text))
        {
            notes.Add(value, "stands for no key: none is sent");
            return null;
        }

        var variable = VariableOf(value.Text);
        var isKnown = _names.TryGetValue(value.Text, out var name);
        name ??= NameFor(variable ?? otherwise);
        _names[value.Text] = name;
        if (variable is not null)
        {
            TellVariable(value, name, variable, isKnown);
        }
        else if (_told.Add(value))
        {
            notes.AddByHand(
                value,
                $"the secret itself stands here: it is not imported, {name} is to have it",
                $"set {name} to the secret at {value.Path}");
        }

        return "env:" + name;
    }

    /// <summary>A reference to what a variable has that the other product reads without being told.</summary>
    public string OfVariable(SourceValue at, string variable)
    {
        var key = marker + variable;
        var isKnown = _names.TryGetValue(key, out var name);
        name ??= NameFor(variable);
        _names[key] = name;
        TellVariable(at, name, variable, isKnown);
        return "env:" + name;
    }

    private void TellVariable(SourceValue at, string name, string variable, bool isKnown)
    {
        if (!isKnown)
        {
            var task = $"set {name} to what {variable} has";
            notes.AddByHand(at, task, task);
        }
    }

    private string NameFor(string text)
    {
        var whole = string.Concat(text.ToUpperInvariant().Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_')).Trim('_');
        whole = whole.Length == 0 ? "KEY" : whole[..Math.Min(whole.Length, 64)];
        var ending = Array.Find(Endings, e => whole.Length > e.Length && whole.EndsWith(e, StringComparison.Ordinal));
        var name = Prefix + (ending is null ? whole : whole[..^ending.Length]);
        name = _used.Contains(name) ? Prefix + whole : name;
        var first = name;
        for (var i = 2; !_used.Add(name); i++)
        {
            name = $"{first}_{i}";
        }

        return name;
    }
}
