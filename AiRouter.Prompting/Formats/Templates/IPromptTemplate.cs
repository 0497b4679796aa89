using System.Buffers;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats.Templates;

/// <summary>A template in some language, parsed.</summary>
internal interface IPromptTemplate
{
    /// <summary>The variables that it reads.</summary>
    IReadOnlyList<string> Variables { get; }

    /// <summary>Writes what it makes of <paramref name="variables"/>, UTF-8.</summary>
    /// <param name="variables">Its variables.</param>
    /// <param name="output">Where to; when it throws, part of the text may have been written.</param>
    /// <param name="options">What it may use, and the moment that it sees.</param>
    /// <exception cref="PromptException">The template refuses or fails.</exception>
    void Render(JinjaDict variables, IBufferWriter<byte> output, JinjaOptions options);
}
