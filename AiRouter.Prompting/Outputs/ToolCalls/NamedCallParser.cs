using System.Text;
using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Reads an answer that is the arguments of a function whose name was known before.</summary>
internal sealed class NamedCallParser(OutputContext context, string toolName) : CallParser(context)
{
    /// <inheritdoc/>
    protected override IEnumerable<Pause> Read()
    {
        if (TakeName(Encoding.UTF8.GetBytes(toolName)))
        {
            foreach (var pause in Arguments())
            {
                yield return pause;
            }

            if (!Ok)
            {
                GiveUp();
            }
        }

        while (Pending(Find(StopStrings.None)))
        {
            yield return default;
        }
    }
}
