using System.Buffers;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats.Templates;

/// <summary>A template as Hugging Face's models ship it.</summary>
internal sealed class JinjaPrompt(JinjaTemplate template) : IPromptTemplate
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Variables => template.Variables;

    /// <inheritdoc/>
    public void Render(JinjaDict variables, IBufferWriter<byte> output, DateTimeOffset? now)
    {
        try
        {
            template.Render(variables, output, now is null ? JinjaOptions.Default : new JinjaOptions { Now = now });
        }
        catch (JinjaException failure) when (failure.Kind == JinjaErrorKind.Refused)
        {
            throw new PromptException(failure.Reason, isRefusal: true, failure);
        }
        catch (JinjaException failure)
        {
            throw new PromptException(failure.Message, isRefusal: false, failure);
        }
    }
}
