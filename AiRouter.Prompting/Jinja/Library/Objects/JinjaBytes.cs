using System.Globalization;
using System.Text;
using AiRouter.Prompting.Jinja.Library.Methods;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary>
/// Python's <c>bytes</c>, what <c>encode</c> returns; templates take their length, or decode them again.
/// </summary>
internal sealed class JinjaBytes(byte[] bytes) : JinjaObject
{
    /// <inheritdoc/>
    public override string TypeName => "bytes";

    /// <inheritdoc/>
    public override bool HasLength => true;

    /// <inheritdoc/>
    public override long Length => bytes.Length;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override bool IsSubscriptable => true;

    /// <inheritdoc/>
    public override IEnumerator<JinjaValue> Iterate(JinjaRun run)
    {
        foreach (var item in bytes)
        {
            yield return JinjaValue.From(item);
        }
    }

    /// <inheritdoc/>
    public override bool TryGetItem(in JinjaValue key, JinjaRun run, out JinjaValue value)
    {
        value = default;
        if (!key.TryGetInt64(out var index))
        {
            return false;
        }

        index = index < 0 ? index + bytes.Length : index;
        if (index < 0 || index >= bytes.Length)
        {
            return false;
        }

        value = JinjaValue.From(bytes[index]);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value)
    {
        JinjaMethod? method = name switch
        {
            "decode" => Decode,
            "hex" => Hex,
            _ => null,
        };
        value = method is null ? default : JinjaValue.From(new BoundMethod(JinjaValue.From(this), name, method));
        return method is not null;
    }

    /// <inheritdoc/>
    public override bool IsEqualTo(JinjaObject other, JinjaRun? run) =>
        other is JinjaBytes same && same.Bytes.AsSpan().SequenceEqual(bytes);

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text)
    {
        var quote = bytes.Contains((byte)'\'') && !bytes.Contains((byte)'"') ? '"' : '\'';
        text.Append('b');
        text.Append(quote);
        foreach (var item in bytes)
        {
            var c = (char)item;
            text.Append(c switch
            {
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                '\\' => @"\\",
                _ when c == quote => $"\\{quote}",
                >= ' ' and <= '~' => c.ToString(),
                _ => $"\\x{item:x2}",
            });
        }

        text.Append(quote);
    }

    private byte[] Bytes => bytes;

    private JinjaValue Decode(in JinjaValue self, in JinjaCall call)
    {
        call.Run.Reserve(bytes.Length);
        return JinjaValue.From(Encoding.UTF8.GetString(bytes));
    }

    private JinjaValue Hex(in JinjaValue self, in JinjaCall call)
    {
        StringMethods.RequireNone(call, "bytes", "hex");
        call.Run.Reserve(bytes.Length * 2L);
        return JinjaValue.From(Convert.ToHexString(bytes).ToLower(CultureInfo.InvariantCulture));
    }
}
