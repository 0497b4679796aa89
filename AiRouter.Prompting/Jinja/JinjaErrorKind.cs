namespace AiRouter.Prompting.Jinja;

/// <summary>Whose fault a <see cref="JinjaException"/> is.</summary>
public enum JinjaErrorKind
{
    /// <summary>The template is not one.</summary>
    Syntax,

    /// <summary>The template did something that Jinja2 refuses, such as adding None to a text.</summary>
    Runtime,

    /// <summary>The template called <c>raise_exception</c>: it refuses what it was given.</summary>
    Refused,

    /// <summary>The rendering used up one of <see cref="JinjaLimits"/>.</summary>
    Limit,
}
