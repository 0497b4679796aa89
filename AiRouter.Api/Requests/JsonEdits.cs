using System.Buffers;

namespace AiRouter.Api.Requests;

/// <summary>
/// Changes to a JSON text by offset: everything that is not replaced stays byte for byte as it was. Edits may be added in any
/// order; they must not overlap.
/// </summary>
internal sealed class JsonEdits
{
    private readonly List<(int Start, int Length, ReadOnlyMemory<byte> Text)> _edits = [];

    /// <summary>Whether there is anything to change.</summary>
    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Puts <paramref name="text"/> in place of <paramref name="length"/> bytes (0: inserts).</summary>
    public void Replace(int start, int length, ReadOnlyMemory<byte> text) => _edits.Add((start, length, text));

    /// <summary>How long the result is.</summary>
    public int ResultLength(int sourceLength)
    {
        var length = sourceLength;
        foreach (var (_, removed, text) in _edits)
        {
            length += text.Length - removed;
        }

        return length;
    }

    /// <summary>Writes the changed text piece by piece: the source is not copied for it.</summary>
    public async Task WriteToAsync(Stream stream, ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        Sort();
        var at = 0;
        foreach (var (start, length, text) in _edits)
        {
            await stream.WriteAsync(source[at..start], cancellationToken);
            await stream.WriteAsync(text, cancellationToken);
            at = start + length;
        }

        await stream.WriteAsync(source[at..], cancellationToken);
    }

    /// <summary>Writes the changed text.</summary>
    public void WriteTo(IBufferWriter<byte> writer, ReadOnlySpan<byte> source)
    {
        Sort();
        var at = 0;
        foreach (var (start, length, text) in _edits)
        {
            writer.Write(source[at..start]);
            writer.Write(text.Span);
            at = start + length;
        }

        writer.Write(source[at..]);
    }

    /// <summary>Copies the changed text into memory that is as long as <see cref="ResultLength"/>.</summary>
    public void CopyTo(Span<byte> destination, ReadOnlySpan<byte> source)
    {
        Sort();
        var at = 0;
        foreach (var (start, length, text) in _edits)
        {
            source[at..start].CopyTo(destination);
            text.Span.CopyTo(destination[(start - at)..]);
            destination = destination[(start - at + text.Length)..];
            at = start + length;
        }

        source[at..].CopyTo(destination);
    }

    /// <summary>By place; what is put in where something begins goes before it.</summary>
    private void Sort() => _edits.Sort(static (a, b) =>
        a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Length.CompareTo(b.Length));
}
