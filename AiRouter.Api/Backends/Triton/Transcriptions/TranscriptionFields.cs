using System.Text;
using System.Text.Unicode;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>
/// The fields of a form but its files, after the configuration's changes to them (R11). Whoever takes one takes it out, so that what
/// is left over is known.
/// </summary>
internal sealed class TranscriptionFields : IParameterChanges
{
    private const int MaxField = 64 * 1024;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>What nobody has taken yet, but for what is empty.</summary>
    public IEnumerable<string> Rest => _values.Where(pair => pair.Value.Exists(value => value.Length > 0)).Select(pair => pair.Key);

    /// <summary>Reads them; null and an error when one is none.</summary>
    public static async ValueTask<(TranscriptionFields? Fields, ApiError? Error)> ReadAsync(
        UploadBody form, CancellationToken cancellationToken)
    {
        var fields = new TranscriptionFields();
        foreach (var part in form.Parts.Where(part => !part.IsFile))
        {
            if (part.ValueLength > MaxField)
            {
                return (null, Refuse(part.Name, $"is longer than {MaxField} bytes"));
            }

            var value = new byte[part.ValueLength];
            await form.Bytes.ReadAtAsync(part.ValueStart, value, cancellationToken);
            if (!Utf8.IsValid(value))
            {
                return (null, Refuse(part.Name, "is not valid UTF-8"));
            }

            // What we act on must not depend on who reads it (R43).
            if (fields._values.TryGetValue(part.Name, out var others) && !part.Name.EndsWith("[]", StringComparison.Ordinal))
            {
                return (null, Refuse(part.Name, "is there twice"));
            }

            (others ?? (fields._values[part.Name] = [])).Add(Encoding.UTF8.GetString(value));
        }

        return (fields, null);
    }

    /// <summary>Takes a field out; null when it is absent or empty.</summary>
    public string? Take(string name) => TakeAll(name) is [var value, ..] ? value : null;

    /// <summary>A field's value, left where it is; null when it is absent.</summary>
    public string? Find(string name) => _values.GetValueOrDefault(name) is [var value, ..] ? value : null;

    /// <summary>Takes a field out that may be there several times; without what is empty.</summary>
    public IReadOnlyList<string> TakeAll(string name) =>
        _values.Remove(name, out var values) ? [.. values.Where(value => value.Length > 0)] : [];

    /// <inheritdoc/>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <inheritdoc/>
    public void Set(string name, ReadOnlyMemory<byte> value) =>
        _values[name] = [value.Span is [(byte)'"', ..] ? JsonText.Unquote(value.Span)! : Encoding.UTF8.GetString(value.Span)];

    /// <inheritdoc/>
    public void Remove(string name) => _values.Remove(name);

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        if (_values.Remove(from, out var values))
        {
            _values.TryAdd(to, values);
        }
    }

    private static ApiError Refuse(string field, string why) =>
        new(ErrorCause.InvalidRequest, $"The form field '{field}' {why}.", field);
}
