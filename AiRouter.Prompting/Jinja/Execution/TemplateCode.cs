using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>A template, ready to run.</summary>
/// <param name="Body">Its statements.</param>
/// <param name="Entry">How its variables begin.</param>
/// <param name="Slots">How many variables it has outside macros.</param>
/// <param name="Globals">The names it reads from outside.</param>
/// <param name="Functions">What those are unless the caller gives them: Jinja2's functions, else undefined.</param>
internal sealed record TemplateCode(
    StatementNode[] Body, ScopeEntry Entry, int Slots, string[] Globals, JinjaValue[] Functions);
