using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>A filter: <c>value|name(arguments)</c>.</summary>
/// <param name="value">What stands before the bar.</param>
/// <param name="call">The arguments in brackets.</param>
internal delegate JinjaValue JinjaFilter(in JinjaValue value, in JinjaCall call);
