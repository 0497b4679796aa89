using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>A method of one of Python's types.</summary>
/// <param name="self">What it is called on.</param>
/// <param name="call">Its arguments.</param>
internal delegate JinjaValue JinjaMethod(in JinjaValue self, in JinjaCall call);
