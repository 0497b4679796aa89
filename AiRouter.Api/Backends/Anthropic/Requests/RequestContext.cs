using AiRouter.Api.Backends.Triton.Requests;

namespace AiRouter.Api.Backends.Anthropic.Requests;

/// <summary>What the translation of one request goes by.</summary>
/// <param name="Reader">Its members; the first problem is in it.</param>
/// <param name="List">What becomes of what the API cannot do.</param>
internal sealed record RequestContext(MemberReader Reader, UnsupportedList List)
{
    /// <summary>One parameter that the API cannot do (R11).</summary>
    public void Unsupported(string path, string? why = null)
    {
        if (List.Add(path, why) is { } error)
        {
            Reader.Fail(path, error.Message, error.Cause);
        }
    }

    /// <summary>What the API cannot do and the request does not make sense without.</summary>
    public void Refuse(string path, string? why = null)
    {
        var error = List.Refuse(path, why);
        Reader.Fail(path, error.Message, error.Cause);
    }
}
