using System.Text;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Text that a template always writes as it is, encoded once.</summary>
internal sealed class Literal(string text)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text);

    public string Text => text;

    public ReadOnlySpan<byte> Utf8 => _utf8;
}
