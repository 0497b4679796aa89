using System.Globalization;
using System.Text;

namespace AiRouter.Core.Configuration.Reading;

/// <summary>The way from the document's root to a value, as messages show it: <c>models.llama.targets[1].backend</c>.</summary>
internal sealed class ConfigPath
{
    private readonly ConfigPath? _parent;
    private readonly string _name;
    private readonly int _index;

    private ConfigPath(ConfigPath? parent, string name, int index)
    {
        _parent = parent;
        _name = name;
        _index = index;
    }

    public static ConfigPath Root { get; } = new(null, "", -1);

    public ConfigPath this[string name] => new(this, name, -1);

    public ConfigPath this[int index] => new(this, "", index);

    /// <summary>Where the value was written, or the nearest thing around it that was.</summary>
    public SourcePosition? Locate(DocumentNode? root) => Find(root).Nearest?.Position;

    /// <summary>Where the value of a path that is a text was written, or the nearest thing around it that was.</summary>
    public static SourcePosition? Locate(DocumentNode? root, string path)
    {
        var node = root;
        var rest = path.AsSpan();
        while (rest.Length > 0 && Step(node, ref rest) is { } inner)
        {
            node = inner;
        }

        return node?.Position;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private (DocumentNode? Exact, DocumentNode? Nearest) Find(DocumentNode? root)
    {
        if (_parent is null)
        {
            return (root, root);
        }

        var (around, nearest) = _parent.Find(root);
        var exact = around switch
        {
            DocumentMap map when _index < 0 => map.Entries.GetValueOrDefault(_name),
            DocumentList list when _index >= 0 && _index < list.Items.Count => list.Items[_index],
            _ => null,
        };
        return (exact, exact ?? nearest);
    }

    // Names may have any character, also those that the path sets between names: the longest that fits is meant.
    private static DocumentNode? Step(DocumentNode? node, ref ReadOnlySpan<char> rest)
    {
        var (found, length) = ((DocumentNode?)null, 0);
        switch (node)
        {
            case DocumentMap map:
                foreach (var (name, value) in map.Entries)
                {
                    Try(Root[name].ToString(), value, rest);
                }

                break;
            case DocumentList list when rest[0] == '[' && rest.IndexOf(']') is > 1 and var end &&
                int.TryParse(rest[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count:
                (found, length) = (list.Items[index], end + 1);
                break;
        }

        rest = rest[length..];
        if (rest.Length > 0 && rest[0] == '.')
        {
            rest = rest[1..];
        }

        return found;

        void Try(string step, DocumentNode value, ReadOnlySpan<char> path)
        {
            if (step.Length > length && path.StartsWith(step, StringComparison.Ordinal) &&
                (path.Length == step.Length || path[step.Length] is '.' or '['))
            {
                (found, length) = (value, step.Length);
            }
        }
    }

    private void Append(StringBuilder text)
    {
        if (_parent is null)
        {
            return;
        }

        _parent.Append(text);
        if (_index >= 0)
        {
            text.Append('[').Append(_index).Append(']');
        }
        else if (_name.Length > 0 && _name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '*'))
        {
            text.Append(text.Length > 0 ? "." : "").Append(_name);
        }
        else
        {
            // A name with a dot or a slash would read as two.
            text.Append("[\"").Append(_name).Append("\"]");
        }
    }
}
