using System.Text;
using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Reads an answer that is the arguments of a function whose name was known before.</summary>
internal sealed class NamedCallParser(OutputContext context, string toolName) : JsonArgumentsParser(context)
{
    /// <inheritdoc/>
    protected override StopStrings Markers => StopStrings.None;

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Opening()
    {
        if (!TakeName(Encoding.UTF8.GetBytes(toolName)))
        {
            yield break;
        }

        foreach (var pause in Arguments())
        {
            yield return pause;
        }

        if (!Ok)
        {
            GiveUp();
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Block() => [];
}
