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
