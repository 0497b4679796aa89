using System.IO.Pipelines;
using AiRouter.Api.Streaming;
using AiRouter.Prompting.Outputs;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// What stands before the first part of a stream: headers and the introduction of all choices, in order, because helpers
/// grow a list by index.
/// </summary>
internal sealed class StreamOpening(EventStream events, ChunkWriter chunks, IReadOnlyList<Choice> choices, bool echo)
{
    private PipeWriter? _writer;

    /// <summary>Writes the chunks.</summary>
    public ChunkWriter Chunks => chunks;

    /// <summary>Where to write; call it in the turn.</summary>
    /// <param name="caller">The choice whose first part is a call, or -1.</param>
    public PipeWriter Begin(int caller)
    {
        if (_writer is not null)
        {
            return _writer;
        }

        events.Prepare();
        var writer = events.Writer;
        foreach (var choice in choices)
        {
            chunks.WriteIntroduction(writer, choice.Index, choice.Index == caller);
            if (echo)
            {
                chunks.WriteText(writer, choice.Index, new VisibleText(default, choice.Prompt.Shown.Span));
            }
        }

        return _writer = writer;
    }
}
