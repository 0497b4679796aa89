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
    public void Render(JinjaDict variables, IBufferWriter<byte> output, JinjaOptions options)
    {
        try
        {
            template.Render(variables, output, options);
        }
        catch (JinjaException failure)
        {
            // Clients are told what the template says, not where; operators are told both.
            var isRefusal = failure.Kind == JinjaErrorKind.Refused;
            throw new PromptException(isRefusal ? failure.Reason : failure.Message, isRefusal, failure)
            {
                Problem = TemplateProblem.Of(failure),
            };
        }
    }
}
