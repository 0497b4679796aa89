using System.Buffers;
using System.Text;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats.Loading;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Prompting.Formats.Preview;

/// <summary>
/// Renders a conversation exactly as a router would for a model, with everything told that is wrong. Nothing is kept, so that a
/// template that changes with every letter typed leaves nothing behind.
/// </summary>
public static class ConversationPreview
{
    /// <summary>The most segments: behind them the prompt goes on as text.</summary>
    public const int MostSegments = 2000;

    private const string FailsAtOnce =
        "This is how it fails on the simplest conversation, one message of a user's. Routers try that first, and do not load such a format.";

    /// <summary>The prompt, or what is wrong.</summary>
    /// <param name="input">What is rendered.</param>
    /// <param name="load">Reads files, from its folders only.</param>
    /// <param name="rendering">What a rendering may use: a template may come from somebody whom nobody trusts.</param>
    public static PreviewedPrompt Render(PreviewInput input, AssetLoad load, JinjaOptions rendering)
    {
        if (Load(input, load, out var problem) is not { } source)
        {
            return new PreviewedPrompt { Failure = load.Problem ?? problem?.ToString(), Problem = problem };
        }

        var options = new FormatOptions(input.Prompt, source, null) { Rendering = rendering };
        if (PromptFormats.Try(source, options, out var broken) is not { } tried)
        {
            return Failed(broken!, source.Traits) with { Notes = [FailsAtOnce] };
        }

        var prompt = new ArrayBufferWriter<byte>();
        try
        {
            new TemplateFormat("preview", tried, options).Render(input.Conversation, prompt);
        }
        catch (PromptException failure)
        {
            return Failed(failure, tried.Traits);
        }

        var text = Encoding.UTF8.GetString(prompt.WrittenSpan);
        var tokens = SpecialTokens.Of(tried, options.Bos, options.Eos);
        return new PreviewedPrompt
        {
            Text = text,
            Segments = SegmentsOf(text, tokens),
            Notes = [.. PreviewNotes.Of(text, input, tried.Traits, options, tokens)],
            Traits = tried.Traits,
        };
    }

    private static FormatSource? Load(PreviewInput input, AssetLoad load, out TemplateProblem? problem)
    {
        problem = null;
        if (!input.IsTemplate && BuiltInFormats.Find(input.Format) is { } builtIn)
        {
            return builtIn;
        }

        var found = input.IsTemplate
            ? new FoundFormat(new TemplateSource(input.Format, "template"))
            : FormatFinder.Find(input.Format, load);
        var source = FormatLoader.Make(found, load);
        problem = source is null ? FormatCatalog.ProblemOf(found) : null;
        return source;
    }

    private static PreviewedPrompt Failed(PromptException failure, FormatTraits traits) =>
        new() { Failure = failure.Message, Problem = failure.Problem, Traits = traits };

    private static List<PromptSegment> SegmentsOf(string text, SpecialTokens tokens)
    {
        var segments = new List<PromptSegment>();
        var done = 0;
        foreach (var (at, length) in tokens.Find(text))
        {
            if (segments.Count >= MostSegments - 2)
            {
                break;
            }

            if (at > done)
            {
                segments.Add(new PromptSegment(text[done..at], IsToken: false));
            }

            segments.Add(new PromptSegment(text.Substring(at, length), IsToken: true));
            done = at + length;
        }

        if (done < text.Length)
        {
            segments.Add(new PromptSegment(text[done..], IsToken: false));
        }

        return segments;
    }
}
