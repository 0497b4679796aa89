using AiRouter.Prompting.Jinja.Execution;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja;

/// <summary>What to do about a template that fails.</summary>
internal static class Advice
{
    public static string For(JinjaValueException exception) => exception.Type switch
    {
        "TemplateError" => string.Empty,
        Rendering.LimitReached => "The template does not come to an end, or the conversation is too large for it.",
        "UndefinedError" => "Pass it to the template, or test it with 'is defined'.",
        "SecurityError" => "Templates run in Jinja2's immutable sandbox: build a new value instead of changing one.",
        "RecursionError" => "A value or a macro contains itself, or nearly.",
        "TypeError" when exception.Message.Contains("NoneType", StringComparison.Ordinal) =>
            "The value is null in the request: test it first, or write (value or '').",
        "TypeError" when exception.Message.Contains("concatenate", StringComparison.Ordinal) =>
            "Join values of different types with ~.",
        _ => string.Empty,
    };
}
