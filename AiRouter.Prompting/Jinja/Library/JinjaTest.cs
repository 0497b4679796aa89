using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>A test: <c>value is name(arguments)</c>.</summary>
/// <param name="value">What stands before <c>is</c>.</param>
/// <param name="call">The arguments after the name.</param>
internal delegate bool JinjaTest(in JinjaValue value, in JinjaCall call);
