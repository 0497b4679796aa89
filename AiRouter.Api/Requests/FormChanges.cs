using System.Text;

namespace AiRouter.Api.Requests;

/// <summary>
/// Changes to the fields of a form, collected by name and then written as edits by offset: parts that are not changed stay
/// byte for byte. A field that is there several times is changed as one.
/// </summary>
internal sealed class FormChanges(UploadBody upload) : IParameterChanges
{
    private readonly string[] _names = [.. upload.Parts.Select(p => p.Name)];
    private readonly HashSet<int> _removed = [];
    private readonly List<(string Name, string Value)> _added = [];

    /// <summary>Whether there is nothing to change.</summary>
    public bool IsEmpty => _removed.Count == 0 && _added.Count == 0 && upload.Parts.Select(p => p.Name).SequenceEqual(_names);

    /// <inheritdoc/>
    public bool Has(string name) => _added.Exists(a => a.Name == name) || Find(name).Any();

    /// <inheritdoc/>
    public void Set(string name, ReadOnlyMemory<byte> value)
    {
        Remove(name);
        _added.Add((name, value.Span is [(byte)'"', ..] ? JsonText.Unquote(value.Span)! : Encoding.UTF8.GetString(value.Span)));
    }

    /// <inheritdoc/>
    public void Remove(string name)
    {
        _added.RemoveAll(a => a.Name == name);
        _removed.UnionWith(Find(name).ToList());
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        var isThere = Has(to);
        foreach (var at in Find(from).ToList())
        {
            if (isThere)
            {
                _removed.Add(at);
            }
            else
            {
                _names[at] = to;
            }
        }
    }

    /// <summary>The edits that make the changes, by place.</summary>
    public async ValueTask<IReadOnlyList<FormEdit>> ToEditsAsync(CancellationToken cancellationToken)
    {
        var edits = new List<FormEdit>();
        if (_added.Count > 0)
        {
            var start = upload.Parts.Count > 0 ? upload.Parts[0].Start : 0;
            edits.Add(new FormEdit(start, 0, Encoding.UTF8.GetBytes(string.Concat(_added.Select(a => Part(a.Name, a.Value))))));
        }

        for (var i = 0; i < upload.Parts.Count; i++)
        {
            var part = upload.Parts[i];
            if (_removed.Contains(i))
            {
                edits.Add(new FormEdit(part.Start, part.ValueStart + part.ValueLength + 2 - part.Start, []));
            }
            else if (_names[i] != part.Name)
            {
                edits.Add(await RenameAsync(part, _names[i], cancellationToken));
            }
        }

        return edits;
    }

    /// <summary>A part as a client would write it.</summary>
    public string Part(string name, string value) =>
        $"--{upload.Boundary}\r\nContent-Disposition: form-data; name=\"{Escaped(name)}\"\r\n\r\n{value}\r\n";

    private async ValueTask<FormEdit> RenameAsync(MultipartPart part, string name, CancellationToken cancellationToken)
    {
        var head = new byte[part.ValueStart - part.Start];
        await upload.Bytes.ReadAtAsync(part.Start, head, cancellationToken);
        return new FormEdit(
            part.Start, head.Length, Encoding.UTF8.GetBytes(DispositionReader.Rename(Encoding.UTF8.GetString(head), Escaped(name))));
    }

    private IEnumerable<int> Find(string name) =>
        Enumerable.Range(0, _names.Length).Where(i => _names[i] == name && !_removed.Contains(i));

    // As browsers write them.
    private static string Escaped(string name) =>
        name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
}

/// <summary>Other bytes in place of some of a form.</summary>
/// <param name="Start">Where they begin.</param>
/// <param name="Length">How many go; 0 inserts.</param>
/// <param name="Text">What comes.</param>
internal readonly record struct FormEdit(long Start, long Length, byte[] Text);
