using AiRouter.Core.Metering;

namespace AiRouter.Api.Requests;

/// <summary>A request's prompt tokens where nobody counts them.</summary>
internal static class PromptEstimate
{
    /// <summary>From the length of <c>messages</c> and <c>system</c>, <c>prompt</c> or <c>input</c>; 0 without any.</summary>
    public static int Of(RequestBody? body)
    {
        if (body is not JsonBody json)
        {
            return 0;
        }

        var bytes = 0L;
        foreach (var member in json.Index.Members)
        {
            if (json.Index.NameEquals(member, "messages"u8) || json.Index.NameEquals(member, "prompt"u8) ||
                json.Index.NameEquals(member, "input"u8) || json.Index.NameEquals(member, "system"u8))
            {
                bytes += member.ValueLength;
            }
        }

        return TokenEstimate.FromBytes(bytes);
    }
}
