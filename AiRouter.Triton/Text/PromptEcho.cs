namespace AiRouter.Triton.Text;

/// <summary>
/// Takes the prompt off the front of an answer, for models that send it along and have no input to turn that off
/// (<c>triton.md</c> §3.4). An answer that does not begin with the exact prompt stays as it is.
/// </summary>
internal sealed class PromptEcho(ReadOnlyMemory<byte> prompt, bool isCumulative)
{
    private bool _isPast;

    public ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> text)
    {
        if (_isPast)
        {
            return text;
        }

        _isPast = !isCumulative;
        var echo = prompt.Span;
        if (text.StartsWith(echo))
        {
            return text[echo.Length..];
        }

        return isCumulative && echo.StartsWith(text) ? default : text;
    }
}
